import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { copyDatabase } from '../src/postgres-copy.ts';
import { startPostgres } from '../src/postgres-server.ts';
import { topology } from '../src/topology.ts';

const SEGMENTS = '/proc/sysvipc/shm';
const onLinux = existsSync(SEGMENTS) ? it : it.skip;

/** What it holds of the machine's shared memory, as it still is there: a segment of System V, and files of POSIX. */
function sharedMemory(folder: string, pid: number) {
  const id = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/\s+/)[1];
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  const files = [...new Set(maps.match(/\/dev\/shm\/PostgreSQL\.\d+/g))];
  const ids = () =>
    readFileSync(SEGMENTS, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[1]);
  return () => [...ids().filter((one) => one === id), ...files.filter((file) => existsSync(file))];
}

describe('the shared memory of Postgres', () => {
  onLinux('is given back when it is ended by its guardian, whose next act is to delete its folder', async () => {
    const { folder, passwords, guardian, remove } = await copyDatabase('small');
    try {
      const { pid } = await startPostgres(folder, passwords, { guardian });
      const left = sharedMemory(folder, pid);
      expect(left().length).toBeGreaterThan(1);
      await guardian.endAll();
      expect(left()).toEqual([]);
    } finally {
      await remove();
    }
  });

  it('is what its box is given time for by a launcher, too', () => {
    expect(topology.boxes.postgres?.abortSignal).toBe('SIGQUIT');
  });
});
