import { fileURLToPath } from 'node:url';
import type { Topology } from '@day90/infra';
import { describeHttpContract, type HttpRig } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology as naive } from '../src/naive/topology.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const started = (what: Topology, name: string) => launchedStage(what, FOLDER, name);

describeHttpContract('stage-1', () => started(topology, 'contract'));
describeHttpContract('stage-1 naive', () => started(naive, 'naive-contract'));

describe('the naive variant', () => {
  let before: HttpRig;
  let after: HttpRig;
  beforeAll(async () => {
    [before, after] = await Promise.all([started(naive, 'before'), started(topology, 'after')]);
  }, 180_000);
  afterAll(() => Promise.all([before.stop(), after.stop()]));

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

function queriesOf(answer: Response): number {
  return Number(/desc="(\d+) quer/.exec(answer.headers.get('server-timing') ?? '')?.[1]);
}
