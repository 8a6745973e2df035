import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Alter, OwnWritesWorld, type Plan, plan } from './own-writes-world.ts';

const RUNS = 500;

async function faultsOf(how: Plan, alter?: Alter): Promise<string[]> {
  const world = new OwnWritesWorld(how, alter);
  await world.run();
  return world.faults;
}

describe(`${RUNS} lives of clients, boxes and databases that lag, restart, fail over, and a Redis that is away or emptied`, () => {
  it('show no client less than it has written or seen, and keep nobody at the primary', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (how) => expect(await faultsOf(how)).toEqual([])),
      { numRuns: RUNS },
    );
  }, 120_000);

  it.each<[string, Alter]>([
    ['reads of any database', (reader) => ({ ...reader, floor: async () => '', saw: (at) => reader.saw(at) })],
    [
      "GitLab's bug: a client that is let go once one replica has its write",
      (reader, view) => ({
        saw: (at) => reader.saw(at),
        async floor() {
          const floor = await reader.floor();
          const standbys = view.nodes.filter(({ seen }) => seen && seen.timeline === undefined);
          return standbys.some(({ seen }) => seen && view.positionOf(seen) >= floor) ? '' : floor;
        },
      }),
    ],
    [
      'positions without their timeline, which keep clients at the primary after a failover',
      (reader) => ({ saw: (at) => reader.saw(`~${at.slice(8)}`), floor: () => reader.floor() }),
    ],
  ])(
    'catch %s',
    async (_what, alter) => {
      const found = await fc.check(
        fc.asyncProperty(plan, async (how) => (await faultsOf(how, alter)).length === 0),
        { numRuns: RUNS },
      );
      expect(found.failed).toBe(true);
    },
    120_000,
  );
});
