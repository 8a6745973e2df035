import { describe, expect, it } from '@jest/globals';
import { type Look, nextLimit } from '../src/next-limit.ts';

const goal = { targetMs: 40, least: 1, most: 256 };
/** A second in which so many requests took so long each. */
const look = (answered: number, tookMs: number, peak = Math.round((answered * tookMs) / 1000)): Look => ({
  tookMs: Array<number>(answered).fill(tookMs),
  peak,
  lastedMs: 1000,
});

/** A box that ends at most `capacity` requests a second, none of them sooner than in `leastMs`, and is always full. */
function settled(capacity: number, leastMs: number, from: number, looks = 20): number {
  let limit = from;
  for (let i = 0; i < looks; i += 1) {
    const rate = Math.min(capacity, (limit * 1000) / leastMs);
    limit = nextLimit(limit, look(Math.round(rate), (limit * 1000) / rate, limit), goal);
  }
  return limit;
}

describe('nextLimit', () => {
  it.each([
    [500, 2, 256],
    [500, 2, 8],
    [1500, 2, 32],
    [3000, 5, 8],
  ])('settles near throughput × target (%d/s, at least %d ms each, from %d)', (capacity, leastMs, from) => {
    const byLittle = (capacity * goal.targetMs) / 1000;
    const limit = settled(capacity, leastMs, from);
    expect(limit).toBeGreaterThanOrEqual(Math.min(256, byLittle / 1.4));
    expect(limit).toBeLessThanOrEqual(byLittle * 1.4);
  });

  it('is back within eight looks once what made everything slow is over', () => {
    expect(settled(500, 2, 32)).toBeGreaterThan(14);
    const slow = settled(4, 2000, 32, 5);
    expect(slow).toBe(3);
    expect(settled(500, 2, slow, 8)).toBeGreaterThan(14);
  });

  it('grows by half at most, however fast the box is: too much is a crowd who wait for each other', () => {
    expect(nextLimit(8, look(1000, 2, 8), goal)).toBe(12);
    expect(nextLimit(1, look(200, 2, 1), goal)).toBe(2);
    expect(nextLimit(2, look(200, 2, 2), goal)).toBe(3);
    expect(nextLimit(2, look(200, 500, 2), goal)).toBe(3); // it waits itself, as far as anybody says
  });

  it('takes the last places only from a box that lets requests wait, and not from one that waits for a database itself', () => {
    const far = (limit: number) => Math.round(limit / 0.3); // each takes 300 ms, whoever else is there
    let limit = 32;
    for (let i = 0; i < 10; i += 1) {
      limit = nextLimit(limit, { ...look(far(limit), 300, limit), waitedMs: Array<number>(far(limit)).fill(1) }, goal);
    }
    expect(limit).toBe(3);
    expect(nextLimit(4, { ...look(80, 100, 4), waitedMs: Array<number>(80).fill(30) }, goal)).toBe(2);
    expect(nextLimit(4, look(80, 100, 4), goal)).toBe(3);
  });

  it('leaves the limit alone while the box is not half full, however fast it is, or slow in a few answers', () => {
    expect(nextLimit(32, look(10, 900), goal)).toBe(32);
    expect(nextLimit(32, look(1000, 2), goal)).toBe(32);
    expect(nextLimit(32, look(0, 0, 3), goal)).toBe(32);
  });

  it('comes down, to what was under way at most, where many are slow and the box is not half full', () => {
    expect(nextLimit(32, look(60, 200), goal)).toBe(16);
    expect(nextLimit(64, look(60, 80, 20), goal)).toBe(32);
    expect(nextLimit(32, look(60, 80, 15), goal)).toBe(16);
    expect(nextLimit(40, look(60, 120, 19), goal)).toBe(20);
    expect(nextLimit(20, look(60, 100, 9), goal)).toBe(10);
  });

  it('is halved when the box is full and nothing comes out, and never goes below the least', () => {
    expect(nextLimit(32, look(0, 0, 32), goal)).toBe(16);
    expect(nextLimit(2, look(0, 0, 2), goal)).toBe(1);
    expect(nextLimit(1, look(0, 0, 1), goal)).toBe(1);
  });

  it('goes by the median: a few uploads of two seconds change nothing', () => {
    const tookMs = [...Array<number>(400).fill(38), ...Array<number>(20).fill(2000)];
    expect(nextLimit(32, { tookMs, peak: 32, lastedMs: 1000 }, goal)).toBe(32);
  });

  it('counts what waited before the box saw it: full by the times alone, whatever was seen at once', () => {
    expect(nextLimit(32, look(400, 160, 3), goal)).toBe(16);
  });
});
