import { Answers, CLOSED, FROM_EDGE, LATE, REFUSED } from '@day90/bench';
import { describe, expect, it } from '@jest/globals';
import { Crowd } from '../claims/finale/crowd.ts';
import { blame, budgetUsed, inWords } from '../claims/finale/error-budget.ts';
import { limitedBy } from '../claims/finale/limited-by.ts';
import { checkLimits } from '../claims/finale/machine-limits.ts';
import { outcomeOf, outcomeProblems } from '../claims/finale/outcome.ts';
import { tryLess } from '../claims/finale/tried-rate.ts';

describe('the crowd of the finale', () => {
  const crowd = new Crowd({ url: 'http://127.0.0.1:1', scale: 'small', seed: 1, cookies: ['sid=1', 'sid=2'] });

  it('asks for an unread post once, and mostly for what is known', () => {
    const order = [...crowd.order(20_000)];
    const of = (kind: string) => order.filter((target) => crowd.kindOf(target) === kind);
    expect(of('known').length / order.length).toBeCloseTo(0.93, 1);
    for (const [kind, share] of Object.entries({ unread: 0.05, me: 0.01, write: 0.01 }))
      expect(Math.abs(of(kind).length / order.length - share)).toBeLessThan(0.005);
    expect(new Set(of('unread')).size).toBe(of('unread').length);
    expect(new Set(of('write')).size).toBe(of('write').length);
  });

  it('gives each write a key, so that it may be sent twice', () => {
    const writes = crowd.targets.filter(({ text }) => text.startsWith('POST /posts '));
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.every(({ text, again }) => again && text.includes('Idempotency-Key: '))).toBe(true);
  });
});

describe('what a machine must allow', () => {
  const roomy = { platform: 'linux' as const, files: 20_000, freeBytes: 16e9 };

  it('lets a machine through that has room', () => {
    expect(() => checkLimits(100_000, roomy)).not.toThrow();
  });

  it.each([
    [{ files: 1024 }, 'and 1024 are allowed here: as root `ulimit -n 15251`'],
    [{ files: 4096 }, '--visitors 18880'],
    [{ freeBytes: 2e9 }, '--visitors 20833'],
    [{ platform: 'darwin' as const }, 'Linux only'],
  ])('says of %j what is missing, and what helps', (less, words) => {
    expect(() => checkLimits(100_000, { ...roomy, ...less })).toThrow(words);
  });
});

describe('the error budget', () => {
  const failed = (at: number) => ({ at, what: '502', kind: 'write' as const });
  const run = { startedAt: 1000, sent: 1000, rate: 100 };

  it('lays a failure to the fault before it', () => {
    const struck = [
      { name: 'first', at: 3000 },
      { name: 'second', at: 6000 },
    ];
    const blames = blame([failed(2500), failed(2600), failed(9000)], struck, run);
    expect(blames.map(({ name, sent, failures }) => [name, sent, failures.length])).toEqual([
      ['no fault yet', 200, 0],
      ['first', 300, 2],
      ['second', 500, 1],
    ]);
    expect(blames.map(inWords)).toEqual([
      'no fault yet: nothing failed.',
      'first: 2 × 502 (write).',
      'second: 1 × 502 (write).',
    ]);
  });

  it('says how much of it is used, of the run and of a month', () => {
    const used = budgetUsed(3, run);
    expect(used.run).toBeCloseTo(3);
    expect(used.month).toBeCloseTo(3 / 259_200);
  });
});

describe('what limited a finale', () => {
  const use = { idle: 0.3, tiers: [{ name: 'door', cores: 0.5, micros: 50 }] };
  const rate = (perSecond: number, held: boolean) => ({
    ...{ rate: perSecond, seconds: 60, p99: held ? 20 : 900, p999: held ? 30 : 2000, failed: 0, held },
  });
  const fine = {
    ...{ wanted: { rate: 100, visitors: 10 }, asked: 100, tried: [rate(100, true)], heldVisitors: 10, notHeld: {} },
    ...{ use, generator: { cores: 0.2, lateMs: 1 }, ceiling: 1000 },
  };
  const short = [rate(100, false), rate(90, true)];

  it('is nothing where all was held', () => {
    expect(limitedBy(fine)).toEqual(['Nothing stood in the way: 30 % of the machine’s CPU was idle.']);
  });

  it.each([
    [{ tried: short, use: { ...use, idle: 0.01 } }, 'The CPU was the limit: 1 %'],
    [{ tried: short, generator: { cores: 1, lateMs: 80 } }, 'The generator was late by 80 ms'],
    [{ tried: short }, 'The CPU was not the limit'],
    [{ tried: short }, '90 requests a second were held, and 10 visitors. 100 requests a second for 60 s: p99 900 ms'],
    [{ tried: [rate(100, false)] }, 'No requests a second were held'],
    [{ asked: 70, ceiling: 101, tried: [rate(70, true)] }, 'No more than 70 requests a second were sent'],
    [{ heldVisitors: 8, notHeld: { EMFILE: 2 } }, 'Of 10 visitors 8 stayed: 2 times EMFILE.'],
  ])('is named after what fell short: %j', (less, words) => {
    expect(limitedBy({ ...fine, ...less }).join(' ')).toContain(words);
  });
});

describe('the outcome of a load', () => {
  const crowd = new Crowd({ url: 'http://127.0.0.1:1', scale: 'small', seed: 1, cookies: ['sid=1'] });
  const ended = { startedAt: 0, sent: 5, seconds: 1, stoodStillMs: 3, cpuMicros: 1 };
  function runOf(status: number[], flags: number[], more: Partial<typeof ended> = {}) {
    const answers = new Answers(status.length);
    answers.status.set(status);
    answers.flags.set(flags);
    return Object.assign(answers, ended, { order: new Uint32Array(status.length) }, more);
  }

  it('has each request in its books once', () => {
    const outcome = outcomeOf(runOf([200, 503, 0, 0, 0], [FROM_EDGE, 0, LATE, CLOSED, REFUSED]), crowd, 10);
    expect(outcome.accounting).toEqual({ offered: 5, answered: 1, refused: 1, timedOut: 1, dropped: 2 });
    expect(outcome.failures.map(({ what }) => what)).toEqual([
      ...['503', 'no answer in 15 s', 'connection closed', 'no connection'],
    ]);
    expect(outcomeProblems(outcome)).toEqual([]);
  });

  it('is void where the generator stood still, or a request is missing', () => {
    const stood = outcomeOf(runOf([200, 200, 200, 200, 0], [0, 0, 0, 0, 0], { stoodStillMs: 2300 }), crowd, 10);
    expect(outcomeProblems(stood)).toEqual([
      'the generator stood still for 2.3 s',
      '1 of 5 requests are not accounted for',
    ]);
  });
});

describe('a rate that can’t be held', () => {
  it('is followed by less, until one is', async () => {
    const first = { rate: 95, seconds: 60, p99: 900, p999: 900, failed: 0, held: false };
    const load = async (rate: number) => ({ took: Float32Array.of(rate > 80 ? 500 : 5), failures: [], sent: 1 });
    const rest = { signal: new AbortController().signal, restMs: 0 };
    const tried = await tryLess(first, { rate: 100, seconds: 60 }, load, rest);
    expect(tried.map(({ rate, seconds, held }) => [rate, seconds, held])).toEqual([
      [95, 60, false],
      [90, 15, false],
      [80, 15, true],
    ]);
  });
});
