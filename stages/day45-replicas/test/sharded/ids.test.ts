import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BUCKETS, bucketOf } from '../../src/sharded/buckets.ts';
import { composeId, ID_EPOCH, type IdClock, partsOfId, shardedIds } from '../../src/sharded/ids.ts';

const LARGEST = 2n ** 63n - 1n;
const bucket = fc.integer({ min: 0, max: BUCKETS - 1 });
const parts = fc.record({
  ms: fc.integer({ min: ID_EPOCH, max: ID_EPOCH + 2 ** 41 - 1 }),
  sequence: fc.integer({ min: 0, max: 255 }),
  worker: fc.integer({ min: 0, max: 15 }),
  bucket,
});

/** A clock that goes on by what it is told, is read as often as one likes, and moves on when it is waited for. */
function handClock(): IdClock & { ms: number; waited: number } {
  return {
    ms: ID_EPOCH + 1_000_000,
    waited: 0,
    now() {
      return Math.floor(this.ms);
    },
    wait(ms) {
      this.ms += ms;
      this.waited += ms;
    },
  };
}

describe('an id', () => {
  it('is made of its parts, fits a bigint, and names its bucket', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const id = composeId(given);
        expect(partsOfId(id)).toEqual(given);
        expect(BigInt(id)).toBeLessThanOrEqual(LARGEST);
        expect(bucketOf(id)).toBe(given.bucket);
      }),
    );
  });

  it('sorts by its time before anything else', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        fc.pre(a.ms < b.ms);
        expect(BigInt(composeId(a))).toBeLessThan(BigInt(composeId(b)));
      }),
    );
  });

  it('has no parts that do not fit', () => {
    const valid = { ms: ID_EPOCH, sequence: 0, worker: 0, bucket: 0 };
    for (const wrong of [{ ms: ID_EPOCH - 1 }, { sequence: 256 }, { worker: 16 }, { bucket: 1024 }])
      expect(() => composeId({ ...valid, ...wrong })).toThrow('No id has the parts');
    expect(() => shardedIds(16)).toThrow('0 to 15');
  });
});

describe('ids of workers', () => {
  /** What happens to a worker: it makes so many ids at once, or its clock moves on or back by so many milliseconds. */
  const event = fc.oneof(
    fc.record({ make: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ step: fc.integer({ min: -10, max: 5 }) }),
  );

  it('rise within each worker and are never equal, however the clocks step within 10 ms', () => {
    const story = fc.array(fc.record({ worker: fc.integer({ min: 1, max: 4 }), event, bucket }), { maxLength: 40 });
    fc.assert(
      fc.property(story, (steps) => {
        const workers = [1, 2, 3, 4].map((worker) => {
          const clock = handClock();
          return { clock, ids: shardedIds(worker, clock), made: [] as bigint[] };
        });
        for (const { worker, event, bucket } of steps) {
          const one = workers[worker - 1] as (typeof workers)[number];
          if ('step' in event) one.clock.ms = Math.max(one.clock.ms + event.step, lastOf(one.made) - 10);
          else for (let i = 0; i < event.make; i += 1) one.made.push(BigInt(one.ids.next(bucket)));
        }
        for (const { made } of workers) expect(made).toEqual([...made].sort((a, b) => (a < b ? -1 : 1)));
        const all = workers.flatMap(({ made }) => made);
        expect(new Set(all).size).toBe(all.length);
      }),
      { numRuns: 200 },
    );
  });

  it('are made no more when the clock was set back further, until it is where it was', () => {
    const clock = handClock();
    const ids = shardedIds(1, clock);
    const first = ids.next(5);
    clock.ms -= 11;
    expect(() => ids.next(5)).toThrow('The clock was set back by 11 ms');
    clock.ms += 1;
    expect(BigInt(ids.next(5))).toBeGreaterThan(BigInt(first));
    expect(clock.waited).toBeGreaterThanOrEqual(10);
  });

  it('wait for the next millisecond when one has given all it has', () => {
    const clock = handClock();
    const ids = shardedIds(1, clock);
    const made = Array.from({ length: 257 }, () => partsOfId(ids.next(0)));
    expect(new Set(made.slice(0, 256).map(({ ms }) => ms)).size).toBe(1);
    expect(made[256]).toMatchObject({ sequence: 0, ms: (made[0]?.ms ?? 0) + 1 });
  });
});

/** The millisecond of the last id made. */
function lastOf(made: bigint[]): number {
  const last = made.at(-1);
  return last === undefined ? 0 : partsOfId(String(last)).ms;
}
