import { describe, expect, it } from '@jest/globals';
import { type BoxLoad, decideScale, type ScalingState } from '../src/scaling-policy.ts';
import type { Scaling } from '../src/topology-schema.ts';

const SCALING: Scaling = {
  cpu: 0.6,
  concurrency: { target: 0.7, gauge: 'http_requests_in_flight_share', port: 'metrics' },
  budget: 0.1,
  bounds: { least: 3, most: 20 },
  warmUpSeconds: 5,
  coolDownSeconds: 4,
  shrinkAfterSeconds: 30,
};
const BOUNDS = { least: 2, most: 6 };

const box = (cpu?: number, concurrency?: number, readySeconds = 100): BoxLoad => ({ cpu, concurrency, readySeconds });
const alike = (count: number, cpu?: number, concurrency?: number) =>
  Array.from({ length: count }, () => box(cpu, concurrency));
const decide = (boxes: BoxLoad[], rest: Partial<ScalingState> = {}) =>
  decideScale(SCALING, BOUNDS, { at: 1000, boxes, wanted: [], ...rest }).count;
/** Asks every second, with the same load throughout, until the count changes. @returns After how many seconds. */
function secondsUntilFewer(boxes: BoxLoad[]): number | undefined {
  let wanted: ScalingState['wanted'] = [];
  for (let at = 0; at < 120; at += 1) {
    const decision = decideScale(SCALING, BOUNDS, { at, boxes, wanted });
    wanted = decision.wanted;
    if (decision.count < boxes.length) return at;
  }
  return undefined;
}

describe('the number of boxes a load needs', () => {
  it.each([
    [2, 0.9, 0.1, 3], // 2 × 0.9 ÷ 0.6
    [3, 0.61, 0.1, 3], // within a tenth
    [3, 0.53, 0.1, 3],
    [2, 1, 0.1, 4], // all that a box can say by CPU: 3.3
    [4, 1, 0.1, 6], // 6.7, and 6 are the most
  ])('%d boxes that use %d of their budget, with %d of their places taken: %d', (count, cpu, concurrency, wanted) => {
    expect(decide(alike(count, cpu, concurrency))).toBe(wanted);
  });

  it('is that of the quantity that needs most', () => {
    expect(decide(alike(2, 0.1, 1))).toBe(3);
    expect(decide(alike(2, 0.9, 0.2))).toBe(3);
  });

  it('at most doubles at once, however far beyond its limit a box is', () => {
    expect(decide(alike(2, 1, 8))).toBe(4);
  });

  it('comes from CPU alone where requests are not counted', () => {
    expect(decide(alike(2, 0.9))).toBe(3);
    const { concurrency: _, ...byCpu } = SCALING;
    expect(decideScale(byCpu, BOUNDS, { at: 0, boxes: alike(2, 0.9, 8), wanted: [] }).count).toBe(3);
  });

  it('stays where nothing could be read', () => {
    expect(decide(alike(3))).toBe(3);
  });

  it('is brought within the bounds at once, whatever the load is', () => {
    expect(decide([box(0.1, 0)])).toBe(2);
  });
});

describe('a box that has just got ready', () => {
  it('counts as idle where more are wanted: its compiling is no load', () => {
    const fresh = box(1, 2, 2);
    expect(decide([...alike(2, 0.9, 0.1), fresh, fresh])).toBe(4); // with both at their limit it would be 6
  });

  it('counts as just right where fewer are', () => {
    const fresh = box(0.01, 0, 2);
    const boxes = [...alike(2, 0.3, 0.1), fresh, fresh];
    const { wanted } = decideScale(SCALING, BOUNDS, { at: 0, boxes, wanted: [] });
    expect(wanted.at(-1)?.count).toBe(3);
  });
});

describe('hysteresis and cool-down', () => {
  it('nothing changes within the cool-down', () => {
    const boxes = alike(2, 1, 1);
    expect(decide(boxes, { changedAt: 997 })).toBe(2);
    expect(decide(boxes, { changedAt: 996 })).toBe(4);
  });

  it('boxes go once fewer have been enough all the time', () => {
    expect(secondsUntilFewer(alike(6, 0.1, 0))).toBe(30);
  });

  it('as many stay as the busiest moment of that time needed', () => {
    const wanted = [
      { at: 960, count: 2 },
      { at: 980, count: 5 },
      { at: 999, count: 2 },
    ];
    expect(decide(alike(6, 0.1, 0), { wanted })).toBe(5);
  });

  it('a load that swings about its target changes nothing', () => {
    let wanted: ScalingState['wanted'] = [];
    for (let at = 0; at < 200; at += 1) {
      const cpu = 0.6 + 0.05 * Math.sin(at);
      const decision = decideScale(SCALING, BOUNDS, { at, boxes: alike(4, cpu, 0.5), wanted });
      wanted = decision.wanted;
      expect(decision.count).toBe(4);
    }
  });
});
