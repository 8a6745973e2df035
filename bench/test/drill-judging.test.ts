import { describe, expect, it } from '@jest/globals';
import { atMost, baselineP99, cacheOf, hitRatio, noneFailed } from '../src/drill/judging.ts';
import { phaseOf, type Sent, tally, timeline } from '../src/drill/records.ts';

const times = { steadyAt: 1000, faultAt: 5000, healedAt: 8000, endAt: 9000 };

function sent(record: Partial<Sent> = {}): Sent {
  return { kind: 'post', at: 2000, end: 2010, status: 200, outcome: 'ok', phase: 'steady', ...record };
}

describe('the phase of a request', () => {
  it.each([
    ['warm-up', 500, 510],
    ['steady', 1000, 1010],
    ['steady', 4990, 4999],
    ['fault', 4990, 5001],
    ['fault', 5000, 5001],
    ['fault', 7999, 9500],
    ['healed', 8000, 8001],
  ])('is %s when it was due at %d and ended at %d', (phase, at, end) => {
    expect(phaseOf({ at, end }, times)).toBe(phase);
  });

  it('is fault when it began before and never ended', () => {
    expect(phaseOf({ at: 4000 }, times)).toBe('fault');
  });
});

describe('the figures of records', () => {
  const records = [
    sent(),
    sent({ end: 2030 }),
    sent({ outcome: 'failed', end: 9000, status: 0 }),
    sent({ outcome: 'refused', end: 2001 }),
    { kind: 'post', at: 2500, status: 0, phase: 'fault' } satisfies Sent,
  ];

  it('count every request once, and take latencies of those that went as asked', () => {
    const counted = { offered: 5, ok: 2, refused: 1, failed: 1, waiting: 1 };
    expect(tally(records)).toEqual({ ...counted, p50: 20, p99: 29.8, max: 30 });
  });

  it('are zero where there is nothing', () => {
    expect(tally([])).toMatchObject({ offered: 0, p50: 0, p99: 0, max: 0 });
  });

  it('stand under the second in which requests were due, and the phase at its end', () => {
    const seconds = timeline([sent({ at: 500 }), sent({ at: 4990 }), sent({ at: 5500 }), sent({ at: 5999 })], times);
    expect(seconds.map(({ t, phase, offered }) => [t, phase, offered])).toEqual([
      [0, 'warm-up', 1],
      [4, 'steady', 1],
      [5, 'fault', 2],
    ]);
  });

  it('are those of public reads in the steady phase for the baseline', () => {
    const others = [sent({ phase: 'warm-up', end: 3000 }), sent({ kind: 'create', end: 3000 })];
    expect(baselineP99([sent(), sent(), ...others, sent({ phase: 'fault', end: 9000 })])).toBe(10);
  });
});

describe('a check', () => {
  it('that none failed says how many did and why', () => {
    expect(noneFailed('x', 'reads', [sent(), sent({ outcome: 'refused' })])).toMatchObject({
      passed: true,
      value: '0 of 2',
    });
    expect(noneFailed('x', 'reads', [sent({ outcome: 'failed', why: 'ECONNRESET' }), sent()])).toMatchObject({
      passed: false,
      value: '1 of 2 (ECONNRESET)',
    });
  });

  it('that none failed does not hold of nothing', () => {
    expect(noneFailed('x', 'reads', []).passed).toBe(false);
  });

  it('of a limit holds at it and not above it, nor for what is no number', () => {
    expect(atMost('x', 'p99', 250, 250, 'ms')).toMatchObject({ passed: true, value: '250 ms, limit 250' });
    expect(atMost('x', 'lost', 0, 0, '')).toMatchObject({ passed: true, value: '0, limit 0' });
    expect(atMost('x', 'p99', 250.1, 250, 'ms').passed).toBe(false);
    expect(atMost('x', 'p99', Number.POSITIVE_INFINITY, 250, 'ms').passed).toBe(false);
  });
});

describe('the cache, by what the app says of it', () => {
  const read = (desc: string) => sent({ timing: `db;dur=0.1;desc="1 query", cache;desc=${desc}, app;dur=2` });

  it('is named, and is nothing to a route that has none', () => {
    expect(cacheOf(read('bypass'))).toBe('bypass');
    expect(cacheOf(sent({ timing: 'db;dur=0.1;desc="1 query", app;dur=2' }))).toBeUndefined();
    expect(cacheOf(sent())).toBeUndefined();
  });

  it('has a hit ratio over the reads that could have been hits', () => {
    expect(hitRatio([read('hit'), read('stale'), read('miss'), read('bypass'), sent()])).toBe(0.5);
    expect(hitRatio([sent()])).toBeNaN();
  });
});
