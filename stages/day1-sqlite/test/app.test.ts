import { fileURLToPath } from 'node:url';
import type { Topology } from '@day90/infra';
import { describeHttpContract } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology as naive } from '../src/naive/topology.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
let before: LaunchedStage;
let after: LaunchedStage;
beforeAll(async () => {
  const start = (what: Topology, name: string) => launchedStage(what, FOLDER, name);
  [before, after] = await Promise.all([start(naive, 'naive'), start(topology, 'contract')]);
}, 180_000);
afterAll(() => Promise.all([before?.stop(), after?.stop()]), 180_000);

// The first of all: both hold the same until the contract writes.
describe('the naive variant', () => {
  it.each([
    ['/posts?limit=100', 101, 1],
    ['/posts?limit=7', 8, 1],
    ['/posts/popular', 21, 1],
    ['/posts/17', 1, 1],
    ['/users/3', 1, 1],
  ])('gives the same answer for %s, by %d queries instead of %d', async (path, queriesBefore, queriesAfter) => {
    const [slow, quick] = [await fetch(before.url + path), await fetch(after.url + path)];
    expect(await slow.json()).toEqual(await quick.json());
    expect(queriesOf(slow)).toBe(queriesBefore);
    expect(queriesOf(quick)).toBe(queriesAfter);
  });
});

const running = (stage: () => LaunchedStage) => async () => ({ ...stage(), stop: async () => {} });
describeHttpContract(
  'stage-1',
  running(() => after),
);
describeHttpContract(
  'stage-1 naive',
  running(() => before),
);

function queriesOf(answer: Response): number {
  return Number(/desc="(\d+) quer/.exec(answer.headers.get('server-timing') ?? '')?.[1]);
}
