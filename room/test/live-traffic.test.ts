import { BadInput } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { LiveTraffic } from '../src/live-traffic.ts';

const asked = { rate: 1, writes: 0, skew: 1, from: 'seoul' };

describe('LiveTraffic', () => {
  it.each([{ ...asked, rate: -1 }, { ...asked, from: 'constructor' }, { ...asked, writes: 1.5 }, { rate: 1 }])(
    'sends nothing for %j',
    async (wrong) => {
      const traffic = new LiveTraffic({
        doors: { seoul: 'http://127.0.0.1:1' },
        scratch: '/nowhere',
        onTrouble: () => {},
      });
      await expect(traffic.set(wrong)).rejects.toThrow(BadInput);
    },
  );
});
