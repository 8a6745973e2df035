import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Instance, type LaunchOptions, launch, type Topology, workspaceRoot } from '@day90/infra';
import { listenersOf, tellsListeners } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { postgres } from '../src/boxes.ts';
import { data } from '../src/data.ts';
import { topology } from '../src/topology.ts';
import { optionOf } from './option-of.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const INSTANCE = `test-stage-3-bad-input-${process.pid}`;
const CLI = join(workspaceRoot(FOLDER), 'infra', 'src', 'cli.ts');
/** Postgres alone: it is what its data folder is wrong for. */
const ALONE: Topology = { stage: 'stage-3', data, door: 'postgres', boxes: { postgres: postgres(13004) } };

let running: Instance | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(what: Topology, own: Partial<LaunchOptions> = {}): Promise<Instance> {
  const usual = { instance: INSTANCE, scale: 'small', ports: 'free', quiet: true, onProgress: () => {} } as const;
  running = await launch(what, { folder: FOLDER, ...usual, ...own });
  return running;
}

async function expectRefusal(starting: Promise<unknown>, message: RegExp): Promise<void> {
  const line = await starting.then(
    () => 'it is up',
    (error: Error) => error.message,
  );
  expect(line).toMatch(message);
  expect(line.split('\n')).toHaveLength(1);
  if (tellsListeners) expect(listenersOf(process.pid)).toEqual([]);
}

describe('one line, and nothing left running, for', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a wrong password for the cache',
      { CACHE_URL: 'redis://app:wrong@127.0.0.1:${port:cache}' },
      /box app-1 ended before it was ready \(exit code 1\); it says: The configuration is not valid: \| cache refuses the password of its URL/,
    ],
    [
      'a wrong password for the sessions',
      { SESSION_URL: 'redis://app:wrong@127.0.0.1:${port:sessions}' },
      /box app-1 ended before it was ready \(exit code 1\); it says: The configuration is not valid: \| The session store refuses the password of its URL/,
    ],
    [
      'a wrong password for the database',
      { DATABASE_URL: 'postgres://day90_app:wrong@127.0.0.1:${link:db}/day90' },
      /box app-1 ended before it was ready \(exit code 1\); it says: The configuration is not valid: \| .*password authentication failed/,
    ],
    [
      'a pool without connections',
      { DATABASE_POOL: '0' },
      /box app-1 ended before it was ready \(exit code 1\); it says: The configuration is not valid: \| DATABASE_POOL: .*>=1 \(Connections to Postgres/,
    ],
  ])('%s', async (_what, env, message) => {
    const starting = start(topology, { env: { app: env }, replicas: { app: 1 }, budgets: false, throwAway: true });
    await expectRefusal(starting, message);
  });

  it.each([
    ['--balance=foo', '--balance foo: allowed are least-conn, round-robin, weighted, ip-hash'],
    ['--db-rtt=-1', '--db-rtt -1: a round-trip time from 0 to 1000 ms, such as 10ms'],
  ])('start %s, before anything is looked for or installed', (flag, message) => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'start', 'src/topology.ts', flag], {
      ...{ cwd: FOLDER, encoding: 'utf8', env: { PATH: '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } },
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toBe(`${message} [D90-INPUT]`);
  });
});

describe('the data folder of an instance', () => {
  it('is taken with a stale postmaster.pid, and refused when another Postgres made it', async () => {
    const instance = await start(ALONE);
    const folder = optionOf(instance.box('postgres').pid, '-D');
    await instance.kill('postgres');
    await instance.stop();
    writeFileSync(join(folder, 'postmaster.pid'), `${process.pid}\n${folder}\n`);
    const again = await start(ALONE);
    expect(again.ready.boxes.map(({ name }) => name)).toEqual(['postgres']);
    await again.stop();

    writeFileSync(join(folder, 'PG_VERSION'), '17\n');
    await expectRefusal(
      start(ALONE, { throwAway: true }),
      /^test-stage-3-bad-input-\d+ holds data of Postgres 17, which Postgres 18 of this checkout can't read: /,
    );
  }, 180_000);
});
