import { BUCKETS } from './buckets.ts';

/** Ids count milliseconds from here: 41 bits of them last until 2094. */
export const ID_EPOCH = Date.UTC(2025, 0, 1);
const SEQUENCES = 1 << 8;
const WORKERS = 1 << 4;
/** A clock that was set back by less is waited for; by more, and somebody has to look at it. Milliseconds. */
const MOST_WAIT_MS = 10;
const LAST_MS = 2 ** 41 - 1;

/** What an id is made of. */
export interface IdParts {
  /** Milliseconds since 1970. */
  ms: number;
  /** 0 to 255: tells ids of one worker and one millisecond apart. */
  sequence: number;
  /** 0 to 15; 0 is whoever loads data into the database. */
  worker: number;
  bucket: number;
}

/** Clock and wait, for tests. */
export interface IdClock {
  now(): number;
  /** Stands still for so many milliseconds. */
  wait(ms: number): void;
}

/** Makes ids. */
export interface Ids {
  /** The next id in a bucket; greater than all that this worker has made. @throws {Error} When the clock was set back. */
  next(bucket: number): string;
}

/**
 * Ids that are made before the row is stored, by every box on its own: 41 bits of milliseconds, 8 of a sequence, 4 of the
 * worker, 10 of the bucket. They sort by time, are the same on no two workers, and show where their row is. 63 bits, so that
 * Postgres' bigint holds them, and a text in JSON, whose numbers lose whole numbers above 2^53.
 *
 * What is left to go wrong is a clock that was set back while the box was down. Two equal ids would have the same bucket, so
 * they would meet in one primary key, and the second row would be refused.
 * @param worker - 1 to 15, another one for each process that runs at the same time.
 * @see https://blog.x.com/engineering/en_us/a/2010/announcing-snowflake — Twitter's Snowflake, whose ids are time, worker, sequence
 * @see https://instagram-engineering.com/sharding-ids-at-instagram-1cf5a71e5a5c — Instagram's have the logical shard in them
 */
export function shardedIds(worker: number, clock: IdClock = systemClock): Ids {
  if (!Number.isInteger(worker) || worker < 0 || worker >= WORKERS)
    throw new Error(`worker ${worker}: 0 to ${WORKERS - 1} are possible`);
  let last = -1;
  let sequence = 0;

  function moment(): number {
    let now = clock.now();
    if (last - now > MOST_WAIT_MS)
      throw new Error(`The clock was set back by ${last - now} ms: ids made now could be those of others.`);
    while (now < last) {
      clock.wait(last - now);
      now = clock.now();
    }
    return now;
  }

  return {
    next(bucket) {
      let now = moment();
      sequence = now === last ? sequence + 1 : 0;
      if (sequence === SEQUENCES) {
        while (now <= last) now = afterWaiting(clock);
        sequence = 0;
      }
      last = now;
      return composeId({ ms: now, sequence, worker, bucket });
    },
  };
}

/** The id that has these parts. @throws {Error} When one of them does not fit. */
export function composeId({ ms, sequence, worker, bucket }: IdParts): string {
  const since = ms - ID_EPOCH;
  const fits = since >= 0 && since <= LAST_MS && sequence < SEQUENCES && worker < WORKERS && bucket < BUCKETS;
  if (!fits) throw new Error(`No id has the parts ${JSON.stringify({ ms, sequence, worker, bucket })}.`);
  // In two halves, each exact as a number: a sum of BigInts costs several times as much.
  const low = (sequence << 14) | (worker << 10) | bucket;
  return String((BigInt(since) << 22n) | BigInt(low));
}

/** What {@link composeId} put together. */
export function partsOfId(id: string): IdParts {
  const number = BigInt(id);
  const low = Number(number & 0x3f_ffffn);
  return {
    ms: Number(number >> 22n) + ID_EPOCH,
    sequence: low >> 14,
    worker: (low >> 10) & (WORKERS - 1),
    bucket: low & (BUCKETS - 1),
  };
}

function afterWaiting(clock: IdClock): number {
  clock.wait(0.1);
  return clock.now();
}

const still = new Int32Array(new SharedArrayBuffer(4));

/** Stands still without taking CPU time: at most until the next millisecond, or for as long as a clock was set back. */
const systemClock: IdClock = { now: Date.now, wait: (ms) => void Atomics.wait(still, 0, 0, ms) };
