import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const REQUESTS = 30;

/** How many of some requests, one after the other, each box answers. */
const SHARES = {
  'least-conn': [10, 10, 10], // none has an open request, so it takes turns
  'round-robin': [10, 10, 10],
  weighted: [18, 6, 6],
  'ip-hash': [30],
};

/** The ways to balance that are tested, and those that the topology offers. */
export const BALANCES = Object.keys(SHARES);
export const { choices } = (topology.options?.balance ?? {}) as { choices?: object };

/** Holds the whole stage to the HTTP contract, started with this balance, and the balance to what it promises. */
export function describeBalanced(balance: keyof typeof SHARES): void {
  describe(`balanced by ${balance}`, () => {
    let stage: LaunchedStage;
    beforeAll(async () => {
      stage = await launchedStage(topology, FOLDER, `contract-${balance}`, { options: { balance } });
    }, 120_000);
    afterAll(() => stage?.stop(), 180_000);

    it('spreads requests over the boxes as it says', async () => {
      const counts = new Map<string, number>();
      for (let i = 0; i < REQUESTS; i++) {
        const box = (await fetch(`${stage.url}/posts/1`)).headers.get('x-served-by') ?? '';
        counts.set(box, (counts.get(box) ?? 0) + 1);
      }
      expect([...counts.values()].sort((a, b) => b - a)).toEqual(SHARES[balance]);
    });

    describeHttpContract('stage-3', async () => ({ ...stage, stop: async () => {} }));
  });
}
