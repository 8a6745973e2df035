import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BoxProcess } from '../src/box-process.ts';
import { Supervisor } from '../src/supervisor.ts';

/** A box without a process: each start succeeds unless told, and it dies when the test says so. */
class FakeBox {
  settings = { name: 'app', log: 'app.log' };
  pid = 1;
  starts = 0;
  fails = false;
  onExit = (_how: string): void => {};
  hangs = false;
  /** As a real one: the exit is heard only some time after SIGKILL. */
  async kill(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.hangs) this.onExit('killed by SIGKILL');
  }
  async stop(): Promise<void> {}
  async start(): Promise<void> {
    this.starts += 1;
    if (this.hangs) throw new Error('box app was not ready after 30 s');
    if (this.fails) throw new Error('box app ended before it was ready');
  }
}

let box: FakeBox;
let lines: string[];
let givenUp: string[];

beforeEach(() => {
  jest.useFakeTimers();
  box = new FakeBox();
  lines = [];
  givenUp = [];
});
afterEach(() => {
  jest.useRealTimers();
});

function supervised(): Supervisor {
  const events = {
    onBack: () => {},
    onGivenUp: (why: string) => givenUp.push(why),
    say: (line: string) => lines.push(line),
  };
  const supervisor = new Supervisor(box as unknown as BoxProcess, events);
  supervisor.watch();
  return supervisor;
}

describe('a supervisor', () => {
  it('starts a dying box again after 1, 2, 4, 8 and 16 s, then gives up', async () => {
    const supervisor = supervised();
    for (const [i, delay] of [1000, 2000, 4000, 8000, 16_000].entries()) {
      box.onExit('exit code 1');
      await jest.advanceTimersByTimeAsync(delay - 1);
      expect(box.starts).toBe(i);
      await jest.advanceTimersByTimeAsync(1);
      expect(box.starts).toBe(i + 1);
    }
    box.onExit('exit code 1');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(box.starts).toBe(5);
    expect(supervisor.state).toBe('down');
    expect(givenUp).toEqual(['box app ended again and again (exit code 1)']);
  });

  it('counts a restart that never gets ready, too', async () => {
    supervised();
    box.fails = true;
    box.onExit('exit code 1');
    await jest.advanceTimersByTimeAsync(120_000);
    expect(box.starts).toBe(5);
    expect(givenUp).toHaveLength(1);
  });

  it('counts a restart that misses its ready time and is killed for it only once', async () => {
    supervised();
    box.hangs = true;
    box.onExit('exit code 1');
    await jest.advanceTimersByTimeAsync(1000 + 10);
    expect(lines.slice(1)).toEqual(['app ended (box app was not ready after 30 s); starting it again in 2 s (2 of 5)']);
    box.hangs = false;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(box.starts).toBe(2);
  });

  it('begins anew with a box that was up for more than a minute', async () => {
    supervised();
    box.onExit('exit code 1');
    await jest.advanceTimersByTimeAsync(1000 + 60_001);
    box.onExit('exit code 1');
    expect(lines.at(-1)).toBe('app ended (exit code 1); starting it again in 1 s (1 of 5)');
  });

  it('starts nothing after it was stopped', async () => {
    const supervisor = supervised();
    box.onExit('exit code 1');
    await supervisor.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(box.starts).toBe(0);
  });

  it('starts nothing after it was stopped while a late restart was being killed', async () => {
    const supervisor = supervised();
    box.hangs = true;
    box.onExit('exit code 1');
    await jest.advanceTimersByTimeAsync(1000);
    await supervisor.stop();
    supervisor.release();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(box.starts).toBe(1);
  });
});
