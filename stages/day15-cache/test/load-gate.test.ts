import { UnavailableError } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { LoadGate } from '../src/load-gate.ts';

const AT_ONCE = 20;
const IN_LINE = 500;
const turn = () => new Promise(setImmediate);

/** Loads that last until they are ended, by the order in which they began. */
function heldLoads() {
  const begun: { end: () => void; fail: () => void }[] = [];
  const load = () => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const place = begun.length;
    begun.push({ end: () => resolve(place), fail: () => reject(new Error(`load ${place}`)) });
    return promise;
  };
  return { begun, load };
}

describe('LoadGate', () => {
  it('runs so many loads at once, the others in the order they came, and turns away whom the line cannot hold', async () => {
    const gate = new LoadGate();
    const { begun, load } = heldLoads();
    const all = Array.from({ length: AT_ONCE + IN_LINE }, () => gate.run(load));
    await turn();
    expect(begun).toHaveLength(AT_ONCE);
    await expect(gate.run(load)).rejects.toThrow(UnavailableError);
    begun[0]?.end();
    await turn();
    expect(begun).toHaveLength(AT_ONCE + 1);
    for (let place = 1; place < AT_ONCE + IN_LINE; place++) {
      await turn();
      begun[place]?.end();
    }
    expect(await Promise.all(all)).toEqual(all.map((_, place) => place));
  });

  it('gives the room of a load that failed to the next one', async () => {
    const gate = new LoadGate();
    const { begun, load } = heldLoads();
    const failing = Array.from({ length: AT_ONCE }, () => gate.run(load));
    const waiting = gate.run(load);
    await turn();
    for (const { fail } of begun) fail();
    expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true);
    await turn();
    begun[AT_ONCE]?.end();
    expect(await waiting).toBe(AT_ONCE);
  });

  it('shares the next load among all who come while one runs, and never the running one', async () => {
    const gate = new LoadGate();
    const { begun, load } = heldLoads();
    const first = gate.inRounds('key', '', load);
    await turn();
    const second = Array.from({ length: 10 }, () => gate.inRounds('key', '', load));
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    expect(await first).toBe(0);
    await turn();
    const third = gate.inRounds('key', '', load);
    await turn();
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    expect(await Promise.all(second)).toEqual(second.map(() => 1));
    await turn();
    begun[2]?.end();
    expect(await third).toBe(2);
  });

  it('runs a shared load under the latest floor of those who share it', async () => {
    const gate = new LoadGate();
    const floors: string[] = [];
    const load = async (floor: string) => void floors.push(floor);
    await Promise.all(['3', '1', '2', ''].map((floor) => gate.inRounds('key', floor, load)));
    expect(floors).toEqual(['3', '2']);
  });

  it('goes on with the next round after one that failed, and holds no key up for another', async () => {
    const gate = new LoadGate();
    const { begun, load } = heldLoads();
    const first = gate.inRounds('key', '', load);
    const second = gate.inRounds('key', '', load);
    const other = gate.inRounds('other', '', load);
    await turn();
    expect(begun).toHaveLength(2);
    begun[0]?.fail();
    await expect(first).rejects.toThrow('load 0');
    await turn();
    begun[1]?.end();
    begun[2]?.end();
    expect(await Promise.all([other, second])).toEqual([1, 2]);
  });
});
