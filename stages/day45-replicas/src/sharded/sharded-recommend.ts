import { type Recommend, transaction, UnavailableError } from '@day90/core';
import { coldQuery, hotStatement, type SqlDatabase } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { perShard } from './per-shard.ts';
import { scatter } from './scatter.ts';
import type { ShardSet } from './shard-set.ts';

const KEPT = 20;

interface Followed {
  id: string;
  count: string;
}

/**
 * Friends of friends over several shards: whom a member follows is on one, whom those follow is on all. Each counts its part,
 * and the counts are added up here.
 */
export function shardedRecommend(shards: ShardSet): Recommend {
  const statements = perShard((shard) => statementsOf(shards.db(shard)));
  return async (id) => {
    const mine = await shards.read(bucketOf(id), (shard) => statements(shard).mine({ id }));
    const friends = mine.map((row) => row.id);
    const { rows, partial } = await scatter(shards, async (shard) => {
      const answer = await statements(shard).theirs({ friends });
      return { rows: answer.filter((row): row is CountRow & Followed => row.id !== null), version: versionOf(answer) };
    });
    if (partial) throw new UnavailableError('Recommendations need all shards.');
    const best = ranked(rows, new Set([id, ...friends])).slice(0, KEPT);
    await transaction(() => shards.write(bucketOf(id), (shard) => keep(shards.db(shard), id, best), never));
  };
}

type CountRow = { id: string | null; count: string | null; shard_version: string };

const THEIRS = `SELECT version AS shard_version, counted.* FROM ownership LEFT JOIN LATERAL (
  SELECT followee_id AS id, count(*) AS count FROM follows WHERE follower_id = ANY(?) GROUP BY followee_id
) counted ON true`;

function statementsOf(db: SqlDatabase) {
  return {
    mine: hotStatement<{ id: string }, { id: string }>(db, 'followed', (dialect, $) =>
      dialect('follows').select('followee_id as id').where('follower_id', $('id')),
    ),
    theirs: hotStatement<{ friends: string[] }, CountRow>(db, 'followed-by-many', (dialect, $) =>
      dialect.raw(THEIRS, [$('friends')]),
    ),
  };
}

/** Those whom the most friends follow first. */
function ranked(rows: Followed[], known: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  for (const { id, count } of rows) if (!known.has(id)) counts.set(id, (counts.get(id) ?? 0) + Number(count));
  return [...counts].sort(([a, m], [b, n]) => n - m || (BigInt(a) < BigInt(b) ? -1 : 1)).map(([id]) => id);
}

/** Written over, not deleted and inserted, as on one database: of two at once, the second can't see the rows of the first. */
async function keep(db: SqlDatabase, id: string, best: string[]): Promise<void> {
  const rows = best.map((recommended_id, i) => ({ user_id: id, rank: i + 1, recommended_id }));
  const list = db.dialect('recommendations');
  if (rows.length > 0) await coldQuery(db, list.clone().insert(rows).onConflict(['user_id', 'rank']).merge());
  await coldQuery(db, list.clone().where({ user_id: id }).andWhere('rank', '>', rows.length).delete());
}

function versionOf(rows: CountRow[]): number {
  return Number(rows[0]?.shard_version);
}

function never(): boolean {
  return false;
}
