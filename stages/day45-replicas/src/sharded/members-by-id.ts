import type { User } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { perShard } from './per-shard.ts';
import type { ShardSet } from './shard-set.ts';

interface UserRow {
  id: string;
  name: string;
  avatar_url: string;
  created_at: string;
}

/**
 * The join that no database can do any more: some members, wherever they are, in the order of their ids. One question to each
 * shard that has some of them, all at once; whoever was not where the map said is asked for singly.
 * @returns A function from ids to members; an id that nobody has is passed over.
 */
export function membersById(shards: ShardSet): (ids: readonly string[]) => Promise<User[]> {
  const ask = perShard((shard) => usersIn(shards.db(shard)));
  return async (ids) => {
    const { shardOf } = await shards.map();
    const byShard = Map.groupBy(ids, (id) => shardOf[bucketOf(id)] as number);
    const rows = await Promise.all([...byShard].map(([shard, some]) => ask(shard)({ ids: some })));
    const found = new Map(rows.flat().map((row) => [row.id, toUser(row)]));
    const all = await Promise.all(ids.map(async (id) => found.get(id) ?? (await single(shards, ask, id))));
    return all.filter((user) => user !== undefined);
  };
}

async function single(
  shards: ShardSet,
  ask: (shard: number) => (params: { ids: string[] }) => Promise<UserRow[]>,
  id: string,
): Promise<User | undefined> {
  const row = await shards.read(bucketOf(id), async (shard) => (await ask(shard)({ ids: [id] }))[0]);
  return row && toUser(row);
}

function usersIn(db: SqlDatabase) {
  return hotStatement<{ ids: string[] }, UserRow>(db, 'users-by-id', (dialect, $) =>
    dialect('users')
      .select('id', 'name', 'avatar_url', 'created_at')
      .whereRaw('id = ANY(?)', [$('ids')]),
  );
}

function toUser({ id, name, avatar_url, created_at }: UserRow): User {
  return { id, name, avatarUrl: avatar_url, createdAt: new Date(Number(created_at)).toISOString() };
}
