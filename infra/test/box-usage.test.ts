import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { boxRssBytes, memoryOf } from '../src/box-usage.ts';

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that has started. */
async function idleProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)']);
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid as number;
}

describe('the memory of processes', () => {
  it('is that of all of them', async () => {
    const pids = [await idleProcess(), await idleProcess()];
    expect(memoryOf(pids)).toBeGreaterThan(memoryOf(pids.slice(1)));
    expect(memoryOf([])).toBe(0);
  });

  (process.platform === 'linux' ? it : it.skip)('counts what they share once', async () => {
    const pids = [await idleProcess(), await idleProcess()];
    const resident = pids.reduce((sum, pid) => sum + boxRssBytes(pid), 0);
    expect(memoryOf(pids)).toBeLessThan(resident);
  });

  it('leaves out one that has ended', () => {
    expect(memoryOf([2 ** 22 + 1])).toBe(0);
  });
});
