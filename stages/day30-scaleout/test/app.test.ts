import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const REQUESTS = 30;

/** How many requests each box answers of some that come one after the other; `any` where that is left to nginx. */
const SHARES = {
  'least-conn': [10, 10, 10], // none has an open request, so it takes turns
  'round-robin': [10, 10, 10],
  weighted: [18, 6, 6],
  'ip-hash': [30],
} satisfies Record<keyof typeof topology.options.balance.choices, number[]>;

describe.each(Object.entries(SHARES))('balanced by %s', (balance, shares) => {
  let stage: LaunchedStage;
  beforeAll(async () => {
    stage = await launchedStage(topology, FOLDER, `contract-${balance}`, { options: { balance } });
  }, 120_000);
  afterAll(() => stage?.stop(), 60_000);

  it('spreads requests over the boxes as it says', async () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < REQUESTS; i++) {
      const box = (await fetch(`${stage.url}/posts/1`)).headers.get('x-served-by') ?? '';
      counts.set(box, (counts.get(box) ?? 0) + 1);
    }
    expect([...counts.values()].sort((a, b) => b - a)).toEqual(shares);
  });

  describeHttpContract('stage-3', async () => ({ ...stage, stop: async () => {} }));
});
