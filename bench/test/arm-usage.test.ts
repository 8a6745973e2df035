import type { Instance } from '@day90/infra';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ArmUsage } from '../src/run/arm-usage.ts';
import { BudgetsUnderLoad } from '../src/run/budgets-under-load.ts';
import { loadProblems } from '../src/run/load-problems.ts';

const START = Date.UTC(2026, 0, 1);
const at = (ms: number) => (START + ms) * 1000;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});
afterEach(() => {
  jest.useRealTimers();
});

/** An instance whose boxes use a share of a core each, and hit their limit in some of its periods of 20 ms. */
function fakeInstance(uses: Record<string, { used: number; throttled?: number; limit?: number }>) {
  const setCpu = jest.fn();
  const names = Object.keys(uses);
  const instance = {
    ready: { boxes: names.map((name) => ({ name, ...(uses[name]?.limit && { cpuLimit: uses[name]?.limit }) })) },
    boxesOf: (role: string) => names.filter((name) => name === role || name.startsWith(`${role}-`)),
    box: () => ({ pid: process.pid }),
    usage: (name: string) => {
      const ms = Date.now() - START;
      const { used = 0, throttled = 0 } = uses[name] ?? {};
      return { cpuMicros: ms * 1000 * used, periods: ms / 20, throttledPeriods: (ms / 20) * throttled };
    },
    setCpu,
  };
  return { instance: instance as unknown as Instance, setCpu };
}

const source = { label: 'stage-3', topology: 'x', box: 'app' };

describe('ArmUsage', () => {
  it('adds up all boxes that an answer passes through, each replica of a role', () => {
    const boxes = { nginx: { used: 0.05 }, 'app-1': { used: 0.1 }, 'app-2': { used: 0.2 }, mail: { used: 0.9 } };
    const usage = ArmUsage.follow(fakeInstance(boxes).instance, { ...source, boxes: ['nginx', 'app'] });
    jest.advanceTimersByTime(10_000);
    usage.stop();
    expect(usage.boxes.map(({ name }) => name)).toEqual(['nginx', 'app-1', 'app-2']);
    expect(usage.cpuBetween(at(2_000), at(6_000))).toBeCloseTo(0.35 * 4e6, 0);
    expect(usage.rssBytes).toBeGreaterThan(0);
  });

  it('looks at the one box of an arm unless told', () => {
    const usage = ArmUsage.follow(fakeInstance({ app: { used: 0.1 }, mail: { used: 0.9 } }).instance, source);
    usage.stop();
    expect(usage.boxes.map(({ name }) => name)).toEqual(['app']);
  });

  it('says how much of its budget a box used and how often it was stopped', () => {
    const boxes = { app: { used: 0.08, throttled: 0.02, limit: 0.2 } };
    const usage = ArmUsage.follow(fakeInstance(boxes).instance, source);
    jest.advanceTimersByTime(10_000);
    usage.stop();
    const [app] = usage.between(at(1_000), at(9_000));
    expect(app).toMatchObject({ name: 'app', cpuShare: 0.2 });
    expect(app?.used).toBeCloseTo(0.08, 6);
    expect(app?.throttled).toBeCloseTo(0.02, 6);
  });
});

describe('a load on boxes with budgets', () => {
  const problemsOf = (app: { used: number; throttled?: number; limit?: number }) => {
    const usage = ArmUsage.follow(fakeInstance({ app }).instance, source);
    jest.advanceTimersByTime(10_000);
    usage.stop();
    const record = {
      samples: { series: {}, counters: {} },
      times: { start: at(1_000), seconds: 2, count: 4 },
      usage: { before: usage, after: usage },
    };
    const books = { offered: 9, answered: 9, refused: 0, timedOut: 0, dropped: 0 };
    return loadProblems(record, books, { rate: 1, ceiling: 10 });
  };

  it.each([
    ['half of a budget', { used: 0.095, limit: 0.2 }, []],
    [
      'more than half of a budget',
      { used: 0.15, limit: 0.2 },
      ['before', 'after'].map(
        (arm) =>
          `app of the ${arm} arm was busy for 75 % of its budget; above 50 % the queue is measured, not the work`,
      ),
    ],
    ['as much of a whole core', { used: 0.15 }, []],
    [
      'a box stopped too often',
      { used: 0.05, limit: 0.2, throttled: 0.07 },
      ['before', 'after'].map(
        (arm) => `app of the ${arm} arm was stopped at its limit in 7 % of the periods; 5 % is too much`,
      ),
    ],
  ])('with %s', (_name, app, problems) => {
    expect(problemsOf(app)).toEqual(problems);
  });
});

describe('BudgetsUnderLoad', () => {
  const boxes = { app: { used: 0, limit: 0.2 }, nginx: { used: 0 } };

  it('lifts the budgets until half of the warm-up is over', () => {
    const { instance, setCpu } = fakeInstance(boxes);
    const budgets = new BudgetsUnderLoad([instance], 10);
    expect(setCpu.mock.calls).toEqual([['app', undefined]]);
    jest.advanceTimersByTime(4_999);
    expect(setCpu).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    expect(setCpu.mock.calls.slice(1)).toEqual([['app', 0.2]]);
    budgets.end();
  });

  it('waits for the members to be logged in', () => {
    const { instance, setCpu } = fakeInstance(boxes);
    const budgets = new BudgetsUnderLoad([instance], 10);
    budgets.heard('level=info msg="day90: logging members in" source=console');
    jest.advanceTimersByTime(60_000);
    expect(setCpu).toHaveBeenCalledTimes(1);
    budgets.heard('level=info msg="day90: members are logged in" source=console');
    jest.advanceTimersByTime(5_000);
    expect(setCpu).toHaveBeenLastCalledWith('app', 0.2);
    budgets.end();
  });

  it('sets none after the end', () => {
    const { instance, setCpu } = fakeInstance(boxes);
    new BudgetsUnderLoad([instance], 10).end();
    jest.advanceTimersByTime(60_000);
    expect(setCpu).toHaveBeenCalledTimes(1);
  });
});
