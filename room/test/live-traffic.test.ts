import { BadInput } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { LiveTraffic, skewedPosts } from '../src/live-traffic.ts';

describe('skewedPosts', () => {
  it('asks for all alike without a skew, and for the first ones most with one', () => {
    let at = 0;
    const evenly = () => (at++ % 100) / 100;
    const share = (skew: number) => skewedPosts(skew, evenly).filter((post) => post <= 100).length / 5000;
    expect(share(0)).toBeCloseTo(0.01, 2);
    expect(share(1)).toBeGreaterThan(0.5); // ln 100 ÷ ln 10,000
    expect(Math.min(...skewedPosts(1, () => 0))).toBe(1);
    expect(Math.max(...skewedPosts(0, () => 0.999999))).toBe(10_000);
  });
});

describe('LiveTraffic', () => {
  it.each([{ rate: -1, skew: 1, from: 'seoul' }, { rate: 1, skew: 1, from: 'constructor' }, { rate: 1 }])(
    'sends nothing for %j',
    async (asked) => {
      const traffic = new LiveTraffic({
        doors: { seoul: 'http://127.0.0.1:1' },
        scratch: '/nowhere',
        onTrouble: () => {},
      });
      await expect(traffic.set(asked)).rejects.toThrow(BadInput);
    },
  );
});
