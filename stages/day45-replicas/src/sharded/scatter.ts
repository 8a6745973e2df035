import { UnavailableError } from '@day90/core';
import { ElsewhereError } from './elsewhere.ts';
import type { ShardSet } from './shard-set.ts';

/** A moment in which a bucket is between two shards lasts for milliseconds; this many tries, 10 ms apart, are more than that. */
const MOST_TRIES = 50;

/** What one shard says of a question that all are asked. */
export interface ShardAnswer<Row> {
  rows: Row[];
  /** Of what the shard has, as it was when it answered. */
  version: number;
}

/** What all shards together have. */
export interface Gathered<Row> {
  rows: Row[];
  /** Whether some of it could not be had: a shard is out of reach, or the map says what the shards do not. */
  partial: boolean;
}

/**
 * Asks all shards at once, and takes their answers for one only if each has answered from exactly what the map says it has:
 * then every bucket was asked once. Else something moved meanwhile, and the map is read again.
 *
 * A shard that is out of reach is left out, and so is one that the map does not fit for long, which is when a resharding was
 * killed in the middle of a move: half a page is better than none.
 * @throws {UnavailableError} When no shard can be reached.
 */
export async function scatter<Row>(
  shards: ShardSet,
  ask: (shard: number) => Promise<ShardAnswer<Row>>,
): Promise<Gathered<Row>> {
  for (let tries = 1; ; tries += 1) {
    const { changedAt } = await shards.map();
    const answers = await Promise.allSettled(changedAt.map((_, i) => ask(i + 1)));
    const failed = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    const bug = failed.find((error) => !(error instanceof UnavailableError));
    if (bug !== undefined || failed.length === answers.length) throw bug ?? failed[0];
    const moved = answers.findIndex((one, i) => one.status === 'fulfilled' && one.value.version !== changedAt[i]);
    if (moved < 0 || tries === MOST_TRIES || !(await rereadAfter(shards, moved + 1))) {
      const rows = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.rows : []));
      return { rows, partial: failed.length > 0 || moved >= 0 };
    }
  }
}

/** @returns `false` when the map can't be read: its shard is out of reach. */
async function rereadAfter(shards: ShardSet, shard: number): Promise<boolean> {
  try {
    return await shards.again(new ElsewhereError(-1, shard));
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}
