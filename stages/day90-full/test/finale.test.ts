import { describe, expect, it } from '@jest/globals';
import { Crowd } from '../claims/finale/crowd.ts';
import { blame, budgetUsed, inWords } from '../claims/finale/error-budget.ts';
import { limitedBy } from '../claims/finale/limited-by.ts';
import { checkLimits } from '../claims/finale/machine-limits.ts';

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
  const use = { idle: 0.3, tiers: [{ name: 'door', cores: 0.5, microsPerRequest: 50 }] };
  const fine = {
    ...{ wanted: { rate: 100, visitors: 10 }, heldRate: 100, heldVisitors: 10, notHeld: {} },
    ...{ use, generator: { cores: 0.2, lateMs: 1 } },
  };

  it('is nothing where all was held', () => {
    expect(limitedBy(fine)).toEqual(['Nothing stood in the way: 30 % of the machine’s CPU was idle.']);
  });

  it.each([
    [{ heldRate: 50, use: { ...use, idle: 0.01 } }, 'The CPU was the limit'],
    [{ heldRate: undefined, generator: { cores: 1, lateMs: 80 } }, 'The generator was late by 80 ms'],
    [{ heldRate: 50 }, 'The CPU was not the limit'],
    [{ heldVisitors: 8, notHeld: { EMFILE: 2 } }, 'Of 10 visitors 8 stayed: 2 times EMFILE.'],
  ])('is named after what fell short: %j', (short, words) => {
    expect(limitedBy({ ...fine, ...short }).join(' ')).toContain(words);
  });
});
