import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BucketMap, firstMap, moved, planMoves } from '../../src/sharded/bucket-map.ts';
import { BUCKETS, bucketOf, placeOfEmail } from '../../src/sharded/buckets.ts';

const rows = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: BUCKETS, maxLength: BUCKETS });
/** Some shards, and how many more of them are wanted. */
const growth = fc.record({ from: fc.integer({ min: 1, max: 5 }), more: fc.integer({ min: 1, max: 3 }) });

function sizes({ shardOf }: BucketMap, shards: number): number[] {
  return Array.from({ length: shards }, (_, i) => shardOf.filter((shard) => shard === i + 1).length);
}

function after(map: BucketMap, shards: number, weights: number[]): BucketMap {
  return planMoves(map, shards, weights).reduce(moved, map);
}

describe('the bucket map', () => {
  it('begins even, with every bucket on a shard', () => {
    expect(sizes(firstMap(3), 3)).toEqual([342, 341, 341]);
    expect(firstMap(3).shardOf).toHaveLength(BUCKETS);
  });

  it('moves the least there can be when shards are added, and is even afterwards', () => {
    fc.assert(
      fc.property(growth, rows, ({ from, more }, weights) => {
        const [map, to] = [firstMap(from), from + more];
        const moves = planMoves(map, to, weights);
        const result = moves.reduce(moved, map);
        const counts = sizes(result, to);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        // What the new shards have must have moved, and nothing else has.
        const arrived = counts.slice(from).reduce((sum, count) => sum + count, 0);
        expect(moves).toHaveLength(arrived);
        expect(new Set(moves.map(({ bucket }) => bucket)).size).toBe(moves.length);
        for (const move of moves) {
          expect(move.to).toBeGreaterThan(from);
          expect(map.shardOf[move.bucket]).toBe(move.from);
        }
        expect(result.version).toBe(map.version + moves.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is even again after growing twice', () => {
    fc.assert(
      fc.property(rows, (weights) => {
        const counts = sizes(after(after(firstMap(3), 4, weights), 6, weights), 6);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  it('moves about as large a part of the rows as of the buckets, also where one bucket has a tenth of all', () => {
    const weights = Array.from({ length: BUCKETS }, (_, i) => Math.round(100_000 / (1 + ((i * 389) % BUCKETS))));
    const total = weights.reduce((sum, count) => sum + count);
    const moves = planMoves(firstMap(3), 4, weights);
    const gone = moves.reduce((sum, { bucket }) => sum + (weights[bucket] ?? 0), 0);
    expect(moves.length / BUCKETS).toBe(0.25);
    expect(gone / total).toBeGreaterThan(0.2);
    expect(gone / total).toBeLessThan(0.3);
  });

  it('tells with which version what a shard has last changed', () => {
    const map = moved(moved(firstMap(3), { bucket: 0, from: 1, to: 4 }), { bucket: 1000, from: 3, to: 4 });
    expect(map.changedAt).toEqual([2, 1, 3, 3]);
  });
});

describe('a bucket', () => {
  it('is the end of an id', () => {
    expect(bucketOf('9223372036854775807')).toBe(1023);
    expect(bucketOf('1024')).toBe(0);
  });

  it('of an address is the same each time, and spreads addresses evenly', () => {
    const buckets = Array.from({ length: 100_000 }, (_, i) => placeOfEmail(`member${i}@day90.test`).bucket);
    expect(placeOfEmail('member7@day90.test').bucket).toBe(buckets[7]);
    const counts = Array<number>(BUCKETS).fill(0);
    for (const bucket of buckets) counts[bucket] = (counts[bucket] ?? 0) + 1;
    // 97.7 each; six standard deviations of a binomial count around it.
    expect(Math.min(...counts)).toBeGreaterThan(38);
    expect(Math.max(...counts)).toBeLessThan(157);
  });
});
