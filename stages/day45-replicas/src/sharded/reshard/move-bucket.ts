import type { BucketMap, Move } from '../bucket-map.ts';
import { compareBucket, compareChanged } from './bucket-compare.ts';
import { type Change, catchUp, copyBucket, dropBucket } from './bucket-copy.ts';
import { alone } from './bucket-lock.ts';
import type { Journal } from './journal.ts';
import type { OwnerClient } from './owner-client.ts';

/** With so few changes left the writers are asked to wait for the rest. */
const FEW_CHANGES = 20;
const MOST_ROUNDS = 100;

/** Where a move is, in order. */
export type Step =
  | 'marked'
  | 'copied'
  | 'caught-up'
  | 'compared'
  | 'verified'
  | 'let-go'
  | 'taken'
  | 'noted'
  | 'dropped';

export interface Moving {
  journal: Journal;
  from: OwnerClient;
  to: OwnerClient;
  /** Told after each step, and waited for. */
  onStep(step: Step, move: Move): Promise<void>;
}

/** What a move did. */
export interface Moved {
  map: BucketMap;
  /** When the whole was compared. */
  rows: number;
  /** How long writes to the bucket had to wait, in milliseconds; 0 where a move was only finished. */
  pauseMs: number;
}

/**
 * Moves one bucket while it is read and written. At no moment do two shards have it: its old shard lets go of it in one
 * commit, the new one takes it in the next. Between the two nobody has it, and who comes asks again some milliseconds later. A
 * mover that dies there, or stands still, is overtaken by the app, which then does what is left of it.
 *
 * Killed anywhere it can be called again: who has the bucket says how far it was. A copy that was not finished is thrown away.
 */
export async function moveBucket(move: Move, map: BucketMap, moving: Moving): Promise<Moved> {
  const { bucket } = move;
  const { journal, from, to, onStep } = moving;
  let result = { rows: 0, pauseMs: 0 };
  let current = map;
  if (await owns(from, bucket)) {
    await mark(from, to, bucket);
    await onStep('marked', move);
    await copyBucket(from, to, bucket);
    await onStep('copied', move);
    await catchUpToFew(move, moving);
    await onStep('caught-up', move);
    const rows = await compareBucket({ bucket, from, to });
    await onStep('compared', move);
    const since = await catchUpToFew(move, moving);
    result = { rows, pauseMs: await letGo(move, map, since, moving) };
    await onStep('let-go', move);
  }
  const began = performance.now();
  if (map.shardOf[bucket] !== move.to) {
    await to.rows('SELECT take_bucket($1, $2)', [bucket, map.version + 1]);
    await onStep('taken', move);
    current = await journal.note(move, map);
    await onStep('noted', move);
  }
  if (result.pauseMs > 0) result.pauseMs += performance.now() - began;
  await dropBucket(from, bucket);
  await onStep('dropped', move);
  await journal.done(move);
  return { map: current, ...result };
}

/** From here on every write to the bucket is noted. The lock is had when those are over that began before. */
async function mark(from: OwnerClient, to: OwnerClient, bucket: number): Promise<void> {
  if (await owns(to, bucket)) throw new Error(`two shards have bucket ${bucket}: nothing was changed`);
  await dropBucket(to, bucket);
  await alone(from, bucket, async () => {
    await from.rows('DELETE FROM bucket_changes');
    await from.rows('UPDATE ownership SET moving = $1', [bucket]);
  });
}

/** @returns What was done to the copy meanwhile. */
async function catchUpToFew({ bucket }: Move, { from, to }: Moving): Promise<Change[]> {
  const all: Change[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const changes = await catchUp(from, to);
    all.push(...changes);
    if (changes.length <= FEW_CHANGES) return all;
  }
  throw new Error(`bucket ${bucket} is written to faster than it can be copied`);
}

/**
 * The pause: writers wait while the last changes are copied, and what has changed since the whole was compared is compared,
 * too; then this side lets go. However many rows there are, it takes as long as these changes do.
 * @param since - What was copied after the comparison.
 * @returns How long it took, in milliseconds.
 */
async function letGo(move: Move, map: BucketMap, since: Change[], { from, to, onStep }: Moving): Promise<number> {
  const { bucket } = move;
  const began = await alone(from, bucket, async (askedAt) => {
    for (;;) {
      const changes = await catchUp(from, to);
      if (changes.length === 0) break;
      since.push(...changes);
    }
    await compareChanged({ bucket, from, to }, since);
    await onStep('verified', move);
    await from.rows('UPDATE ownership SET owned = set_bit(owned, $1, 0), version = $2, moving = NULL', [
      bucket,
      map.version + 1,
    ]);
    await from.rows('INSERT INTO handovers (bucket, from_shard, to_shard, version) VALUES ($1, $2, $3, $4)', [
      bucket,
      move.from,
      move.to,
      map.version + 1,
    ]);
    return askedAt;
  });
  return performance.now() - began;
}

async function owns(shard: OwnerClient, bucket: number): Promise<boolean> {
  const [row] = await shard.rows<{ owns: number }>('SELECT get_bit(owned, $1) AS owns FROM ownership', [bucket]);
  return row?.owns === 1;
}
