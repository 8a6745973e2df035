import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

// Which way processes are found is settled when the module is loaded: here as on macOS, with a `ps` of the test's own.
Object.defineProperty(process, 'platform', { value: 'darwin' });
const { watchAncestors } = await import('../src/ancestors.ts');
const { lockHolder, takeLock } = await import('../src/lock.ts');
const { findProcess } = await import('../src/processes.ts');

/** Every process has parent 42, which has parent 1; `PS` makes it find nobody, or fail. */
const PS = `#!/bin/sh
case "$PS" in nobody) exit 1 ;; fails) exit 2 ;; esac
if [ "$2" = 42 ]; then parent=1; else parent=42; fi
echo "$2 $parent $2 S $LC_ALL $TZ"
`;
const env = { ...process.env };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  writeFileSync(join(folder, 'ps'), PS);
  chmodSync(join(folder, 'ps'), 0o755);
  process.env.PATH = folder;
});
beforeEach(() => {
  process.env.PS = 'works';
});
afterEach(() => {
  jest.useRealTimers();
});
afterAll(() => {
  process.env.PATH = env.PATH;
  delete process.env.PS;
  rmSync(folder, { recursive: true, force: true });
});

describe('without /proc, a process', () => {
  it('is told by a start time in one language and time zone, whoever asks', () => {
    process.env.TZ = 'Asia/Tokyo';
    expect(findProcess(42)).toEqual({ pid: 42, ppid: 1, pgid: 42, started: 'C UTC' });
    if (env.TZ === undefined) delete process.env.TZ;
    else process.env.TZ = env.TZ;
  });

  it('is gone when ps finds nobody, and unknown when ps fails', () => {
    process.env.PS = 'nobody';
    expect(findProcess(42)).toBeUndefined();
    process.env.PS = 'fails';
    expect(() => findProcess(42)).toThrow('ps, which lists the processes, failed');
  });

  it('keeps its lock when ps fails', () => {
    const path = join(folder, 'lock');
    const lock = takeLock(path);
    process.env.PS = 'fails';
    expect(() => lockHolder(path)).toThrow('ps, which lists');
    process.env.PS = 'works';
    expect(takeLock(path)).toHaveProperty('holder.pid', process.pid);
    if ('release' in lock) lock.release();
  });
});

describe('the watch of what it was started from', () => {
  it('passes over a ps that failed, and hears of the end later', () => {
    jest.useFakeTimers();
    const gone: string[] = [];
    const stop = watchAncestors((why) => gone.push(why));
    process.env.PS = 'fails';
    jest.advanceTimersByTime(3000);
    expect(gone).toEqual([]);
    process.env.PS = 'nobody';
    jest.advanceTimersByTime(1000);
    expect(gone).toEqual([expect.stringMatching(/^pid 42, from which it was started, is gone/)]);
    stop();
  });
});
