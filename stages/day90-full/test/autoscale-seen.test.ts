import { describe, expect, it } from '@jest/globals';
import { type Seen, secondsUntil, whileHigh } from '../claims/autoscale/seen.ts';

const SCALING = { cpu: 0.5, budget: 0.09 };
const STEPS = [
  { rate: 10, seconds: 10 },
  { rate: 40, seconds: 30 },
  { rate: 10, seconds: 10 },
] as const;

/** 40 requests a second by two boxes, from second 14 on by four; late or failed until second 15. */
function seen(until: { slow?: number; failed?: number } = {}): Seen {
  const { slow = 15, failed = 12 } = until;
  const visits = Array.from({ length: 30 * 40 }, (_, n) => {
    const at = 10_000 + n * 25;
    const end = at + (at < slow * 1000 ? 800 : 20);
    return { at, end, status: at < failed * 1000 ? 503 : 200, box: `app-${1 + (n % (end < 14_000 ? 2 : 4))}` };
  });
  const looks = Array.from({ length: 250 }, (_, i) => {
    const at = i * 200;
    return { at, count: at < 13_000 ? 2 : 5, cpuMicros: at * 160 }; // 0.16 of a core
  });
  return { visits, looks, steps: STEPS };
}

describe('what is made of a load that grew', () => {
  it('needs as many boxes as the CPU it took says, and tells when so many had answered', () => {
    const { needed, enough } = secondsUntil(seen(), SCALING, 6);
    expect(needed).toBe(4); // 0.16 ÷ (0.045 × 1.1) = 3.2
    expect(enough).toBeGreaterThan(4);
    expect(enough).toBeLessThan(5);
  });

  it('needs no box for what is within a tenth of the target, which the policy leaves alone', () => {
    expect(secondsUntil(seen(), { ...SCALING, budget: 0.0975 }, 6).needed).toBe(3); // 0.16 ÷ (0.04875 × 1.1) = 2.98
    expect(secondsUntil(seen(), { ...SCALING, budget: 0.096 }, 6).needed).toBe(4); // 3.03
  });

  it('needs no more boxes than there may be', () => {
    expect(secondsUntil(seen(), SCALING, 3).needed).toBe(3);
  });

  it('tells when the last second was over in which more than 5 of 100 were late or failed', () => {
    expect(secondsUntil(seen(), SCALING, 6).calm).toBe(5);
    expect(secondsUntil(seen({ slow: 0, failed: 0 }), SCALING, 6).calm).toBe(0);
    expect(secondsUntil(seen({ slow: 0, failed: 13 }), SCALING, 6).calm).toBe(3);
  });

  it('counts the boxes beyond those needed from then on', () => {
    expect(secondsUntil(seen(), SCALING, 6).surplus).toBeCloseTo(1, 1);
  });

  it('says that there never were enough', () => {
    const one = seen();
    const visits = one.visits.map((visit) => ({ ...visit, box: 'app-1' }));
    expect(secondsUntil({ ...one, visits }, SCALING, 6).enough).toBeUndefined();
  });

  it('counts what was due while the load was high', () => {
    expect(whileHigh(seen())).toHaveLength(1200);
  });
});
