import { BadInput, type Progress } from '@day90/infra';
import { type Move, planMoves, shardsOf } from '../bucket-map.ts';
import { BUCKETS } from '../buckets.ts';
import { MOST_SHARDS } from '../shard-data.ts';
import { SHARD_TABLES } from '../shard-tables.ts';
import { type Journal, journalOn } from './journal.ts';
import { type Moving, moveBucket } from './move-bucket.ts';
import { type OwnerClient, ownerClient } from './owner-client.ts';

const BUCKETS_A_REPORT = 32;

export interface ReshardOptions {
  /** Where a shard's owner connects; asked once it has been started. */
  urlOf(shard: number): Promise<string>;
  /** How many shards there are to be. */
  shards: number;
  /** Has so many shards started. */
  grow(count: number): Promise<void>;
  say: Progress;
  /** Told after each step of each move, and waited for. */
  onStep?: Moving['onStep'];
  signal?: AbortSignal;
}

/** What a resharding has done, by exact count. */
export interface Resharded {
  /** Buckets moved by this run; those before it, where it went on with another one's plan, are not among them. */
  buckets: number;
  rows: number;
  /** All rows there are. */
  allRows: number;
  /** The members that `id % shards` would have moved, and all members. */
  modulo: { moved: number; of: number };
  longestPauseMs: number;
}

/**
 * Moves buckets to new shards, one after the other, until all have equally many. Killed, it goes on by the same plan when it is
 * called again.
 * @throws {BadInput} When so many are not possible, another resharding is under way, or the map can't be read.
 */
export async function reshard(options: ReshardOptions): Promise<Resharded> {
  const { shards, say } = options;
  const clients: OwnerClient[] = [];
  const connect = async (shard: number) => {
    const client = await ownerClient(await options.urlOf(shard));
    clients[shard - 1] = client;
    return client;
  };
  try {
    const journal = journalOn(await connect(1));
    const there = await mayBegin(journal, shards);
    await options.grow(shards);
    for (let shard = 2; shard <= shards; shard += 1) await connect(shard);
    await Promise.all(clients.map(forgetMarks));
    const books = await countRows(clients, { from: there, to: shards });
    const moves = await openMoves(journal, shards, books.byBucket);
    const { onStep = async () => {} } = options;
    const result = { buckets: 0, rows: 0, allRows: books.all, modulo: books.modulo, longestPauseMs: 0 };
    let map = await journal.map();
    for (const [i, move] of moves.entries()) {
      options.signal?.throwIfAborted();
      const [from, to] = [clients[move.from - 1] as OwnerClient, clients[move.to - 1] as OwnerClient];
      const moved = await moveBucket(move, map, { journal, from, to, onStep });
      map = moved.map;
      result.buckets += 1;
      result.rows += moved.rows;
      result.longestPauseMs = Math.max(result.longestPauseMs, moved.pauseMs);
      if ((i + 1) % BUCKETS_A_REPORT === 0 || i + 1 === moves.length)
        say(
          `${i + 1} of ${moves.length} buckets moved, writes to one waited ${result.longestPauseMs.toFixed(0)} ms at most`,
        );
    }
    await journal.clear();
    return result;
  } finally {
    await Promise.all(clients.map((client) => client?.close()));
  }
}

/** What a killed one has left: the copy it was for is thrown away. */
async function forgetMarks(shard: OwnerClient): Promise<void> {
  await shard.rows('UPDATE ownership SET moving = NULL WHERE moving IS NOT NULL');
  await shard.rows('DELETE FROM bucket_changes');
}

/** @returns How many shards have buckets. */
async function mayBegin(journal: Journal, shards: number): Promise<number> {
  const since = await journal.lock();
  if (since)
    throw new BadInput(`a resharding is under way since ${since.toISOString()}: one at a time`, {
      code: 'D90-ONE-AT-A-TIME',
    });
  const map = await journal.map();
  const planned = await journal.moves();
  const target = Math.max(...planned.map(({ to }) => to));
  // A plan that was begun has new shards on the map already.
  const there = planned.length > 0 ? Math.min(...planned.map(({ to }) => to)) - 1 : shardsOf(map).length;
  if (planned.length > 0 && shards !== target) {
    const done = planned.filter((move) => move.done).length;
    throw new BadInput(
      `a resharding to ${target} shards is half done, ${done} of ${planned.length} buckets: finish it by --shards ${target}`,
      { code: 'D90-RESHARDING' },
    );
  }
  if (shards < there)
    throw new BadInput(`${shards} shards: there are ${there}, and none is ever emptied; ${possible(there)}`);
  if (shards > MOST_SHARDS) throw new BadInput(`${shards} shards: ${possible(there)}`);
  return there;
}

function possible(there: number): string {
  return there < MOST_SHARDS
    ? `${there + 1} to ${MOST_SHARDS} are possible`
    : `${MOST_SHARDS} are the most there can be`;
}

/** The moves left of a plan, made now where there is none. */
async function openMoves(journal: Journal, shards: number, rows: readonly number[]): Promise<Move[]> {
  const planned = await journal.moves();
  if (planned.length > 0) return planned.filter((move) => !move.done);
  const moves = planMoves(await journal.map(), shards, rows);
  await journal.plan(moves);
  return moves;
}

async function countRows(clients: readonly OwnerClient[], { from, to }: { from: number; to: number }) {
  const byBucket = Array<number>(BUCKETS).fill(0);
  const modulo = { moved: 0, of: 0 };
  for (const client of clients) {
    for (const { name, bucketOf } of SHARD_TABLES) {
      const counts = await client.rows<{ bucket: number; rows: number }>(
        `SELECT ${bucketOf(name)} AS bucket, count(*)::int AS rows FROM ${name} GROUP BY 1`,
      );
      for (const { bucket, rows } of counts) byBucket[bucket] = (byBucket[bucket] ?? 0) + rows;
    }
    const [members] = await client.rows<{ moved: number; of: number }>(
      'SELECT count(*) FILTER (WHERE id % $1 <> id % $2)::int AS moved, count(*)::int AS of FROM users',
      [from, to],
    );
    modulo.moved += members?.moved ?? 0;
    modulo.of += members?.of ?? 0;
  }
  return { byBucket, modulo, all: byBucket.reduce((sum, rows) => sum + rows) };
}
