import { randomUUID } from 'node:crypto';
import type { RateLimit } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

export interface RateLimitRig {
  rateLimit: RateLimit;
  close?(): Promise<void>;
}

/** The contract of `RateLimit`, on the real clock. */
export function describeRateLimit(name: string, makeRig: () => Promise<RateLimitRig>): void {
  describe(`${name} as RateLimit`, () => {
    let rig: RateLimitRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());

    it('gives a key its turns, then says how many seconds to wait', async () => {
      const key = randomUUID();
      const limit = { turns: 3, seconds: 60 };
      const taken = [];
      for (let i = 0; i < 3; i++) taken.push(await rig.rateLimit.take(key, limit));
      expect(taken).toEqual([0, 0, 0]);
      const wait = await rig.rateLimit.take(key, limit);
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(60);
    });

    it('counts each key for itself', async () => {
      const limit = { turns: 1, seconds: 60 };
      expect(await rig.rateLimit.take(randomUUID(), limit)).toBe(0);
      expect(await rig.rateLimit.take(randomUUID(), limit)).toBe(0);
    });

    it('gives no turn twice to requests that come at once', async () => {
      const key = randomUUID();
      const takes = Array.from({ length: 50 }, () => rig.rateLimit.take(key, { turns: 5, seconds: 60 }));
      expect((await Promise.all(takes)).filter((wait) => wait === 0)).toHaveLength(5);
    });

    it('gives turns again after the time it named', async () => {
      const key = randomUUID();
      const limit = { turns: 1, seconds: 1 };
      await rig.rateLimit.take(key, limit);
      const wait = await rig.rateLimit.take(key, limit);
      expect(wait).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 50));
      expect(await rig.rateLimit.take(key, limit)).toBe(0);
    });
  });
}
