import { Answers, CLOSED, FROM_EDGE, LATE, REFUSED, UNSENT } from '@day90/bench';
import { describe, expect, it } from '@jest/globals';
import { climb, holdLong } from '../claims/finale/climb.ts';
import { Crowd } from '../claims/finale/crowd.ts';
import { blame, budgetUsed, inWords } from '../claims/finale/error-budget.ts';
import { limitedBy } from '../claims/finale/limited-by.ts';
import { type Load, loadOf } from '../claims/finale/load.ts';
import { checkLimits } from '../claims/finale/machine-limits.ts';
import { type Outcome, outcomeOf, outcomeProblems } from '../claims/finale/outcome.ts';

describe('the crowd of the finale', () => {
  const crowd = new Crowd({ url: 'http://127.0.0.1:1', scale: 'small', seed: 1, cookies: ['sid=1', 'sid=2'] });

  it('asks for an unread post once, and mostly for what is known', () => {
    const order = [...crowd.order(20_000, 1_000)];
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

const outcome: Outcome = {
  ...{ sent: 100, failures: [], took: Float32Array.of(5), late: 1, stoodStill: 1, writes: 1, sentAgain: 0 },
  ...{ reached: { edge: 94, app: 6, database: 6 }, cacheable: { asked: 98, hit: 93 } },
  accounting: { offered: 100, answered: 100, refused: 0, timedOut: 0, dropped: 0 },
};

/** A load that held, or one whose answers took a second. */
function load(rate: number, held: boolean, more: { idle?: number; late?: number } = {}): Load {
  const use = { idle: more.idle ?? 0.3, tiers: [{ name: 'door', cores: 0.5, micros: 50 }] };
  const took = Float32Array.of(held ? 5 : 1000);
  return loadOf({ rate, seconds: 10 }, { cpuMicros: 1, seconds: 10 }, use, { ...outcome, took, late: more.late ?? 1 });
}

describe('what limited a finale', () => {
  const fine = {
    ...{ wishes: { rate: 100, visitors: 10 }, most: 100, ceiling: 1000, after: { open: 10 }, notHeld: {} },
    ...{ rungs: [load(90, true), load(100, true)], tries: [load(100, true)], long: load(100, true) },
  };
  const short = (more: { idle?: number; late?: number }) => ({
    ...{ rungs: [load(90, true), load(100, false, more)], tries: [load(90, true)], long: load(90, true) },
  });

  it('is nothing where all was held', () => {
    expect(limitedBy(fine)).toEqual(['Nothing stood in the way: 30 % of the machine’s CPU was idle.']);
  });

  it.each([
    [short({ idle: 0.01 }), 'The CPU was the limit: 1 % of the machine’s CPU was idle at 100 a second'],
    [short({ late: 80 }), 'The generator was late by 80 ms'],
    [short({}), 'The CPU was not the limit'],
    [
      short({}),
      '90 requests a second were held for 10 s, and 10 visitors. 100 requests a second for 10 s: p99 1000 ms',
    ],
    [{ tries: [load(100, false)], long: load(100, false) }, 'No requests a second were held'],
    [{ most: 70, ceiling: 101 }, 'No more than 70 requests a second were asked for'],
    [{ after: { open: 8 }, notHeld: { EMFILE: 2 } }, 'Of 10 visitors 8 stayed: 2 times EMFILE.'],
  ])('is named after what fell short (%#)', (less, words) => {
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
    const read = outcomeOf(
      runOf([200, 503, 0, 0, 0, 0], [FROM_EDGE, 0, LATE, CLOSED, REFUSED, UNSENT], { sent: 6 }),
      crowd,
      10,
    );
    expect(read.accounting).toEqual({ offered: 6, answered: 1, refused: 1, timedOut: 1, dropped: 3 });
    expect(read.failures.map(({ what }) => what)).toEqual([
      ...['503', 'no answer in 15 s', 'connection closed', 'no connection', 'too many under way'],
    ]);
    expect(outcomeProblems(read)).toEqual([]);
  });

  it('is void where the generator stood still, or a request is missing', () => {
    const stood = outcomeOf(runOf([200, 200, 200, 200, 0], [0, 0, 0, 0, 0], { stoodStillMs: 2300 }), crowd, 10);
    expect(outcomeProblems(stood)).toEqual([
      'the generator stood still for 2.3 s',
      '1 of 5 requests are not accounted for',
    ]);
  });
});

describe('the way up to what a machine can do', () => {
  const { signal } = new AbortController();
  const machine = (most: number, longMost = most) => {
    const asked: string[] = [];
    const send = async (rate: number, seconds: number) => {
      asked.push(`${rate} × ${seconds}`);
      return load(rate, rate <= (seconds > 10 ? longMost : most));
    };
    return { asked, climbing: { most: 100, send, signal, restMs: 0 } };
  };

  it('ends where a rate does not hold, twice, and goes on with the one before for all of the time', async () => {
    const { asked, climbing } = machine(45, 30);
    const rungs = await climb(climbing, 60);
    expect(rungs.map(({ rate, held }) => [rate, held])).toEqual([
      ...[10, 15, 20, 25, 30, 40].map((rate) => [rate, true]),
      [50, false],
    ]);
    const tries = await holdLong(climbing, rungs, 60);
    expect(tries.map(({ rate, held }) => [rate, held])).toEqual([
      [40, false],
      [30, true],
    ]);
    expect(asked.slice(6)).toEqual(['50 × 10', '50 × 10', '20 × 10', '40 × 60', '15 × 10', '30 × 60']);
  });

  it('ends at what is asked for, and tries a twentieth where nothing held', async () => {
    expect((await climb(machine(100).climbing, 5)).at(-1)).toMatchObject({ rate: 100, held: true });
    const { climbing } = machine(1);
    expect((await holdLong(climbing, await climb(climbing, 5), 5)).map(({ rate }) => rate)).toEqual([5]);
  });
});
