import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger, runInBackground } from '@day90/core';
import { handOver } from '@day90/infra';
import { DEMO_MEMBERS, type Scale } from '@day90/testing/data';
import pg from 'pg';
import {
  copyRows,
  databaseUrl,
  makeDatabase,
  migrate,
  type PostgresServer,
  type RolePasswords,
  startPostgres,
  syncFolder,
} from 'stage-3/loading';
import { type BucketMap, firstMap } from './bucket-map.ts';
import { seededMembers, seededRows } from './seeded-data.ts';
import { FIRST_SHARDS, MOST_SHARDS } from './shard-data.ts';
import { shardSchema } from './shard-schema.ts';
import { ShardSet } from './shard-set.ts';
import { SHARD_TABLES } from './shard-tables.ts';
import { shardedRecommend } from './sharded-recommend.ts';

/** Safe here alone: a load that is cut off is thrown away whole. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: '8GB',
};

interface Loading {
  root: string;
  scale: Scale;
  passwords: RolePasswords;
  /** How many of them get the data. */
  shards: number;
  say: (line: string) => void;
}

/** Makes the data folders of all shards, and leaves them as cold copies, written to the disk. */
export async function loadShards(loading: Loading): Promise<void> {
  const { root, scale, passwords, shards, say } = loading;
  const folders = Array.from({ length: MOST_SHARDS }, (_, i) => join(root, `shard-${i + 1}`));
  const [first = '', ...others] = folders;
  await makeEmptyShard(first, passwords);
  for (const folder of others) {
    await cp(first, folder, { recursive: true });
    handOver(folder);
  }
  const map = firstMap(shards);
  const members = seededMembers(scale);
  const filled = folders.slice(0, shards);
  const servers: PostgresServer[] = [];
  try {
    for (const folder of filled) servers.push(await startPostgres(folder, passwords, { settings: FAST }));
    const urls = servers.map(({ port }) => databaseUrl('owner', passwords, port));
    await Promise.all(urls.map((url, i) => fill(url, { shard: i + 1, map, members, scale, say })));
    say('recommendations');
    await recommendToDemoMembers(
      servers.map(({ port }) => databaseUrl('app', passwords, port)),
      members,
    );
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  for (const folder of folders) syncFolder(folder);
}

async function makeEmptyShard(folder: string, passwords: RolePasswords): Promise<void> {
  makeDatabase(folder, passwords);
  const server = await startPostgres(folder, passwords, { settings: FAST });
  const url = databaseUrl('owner', passwords, server.port);
  try {
    await migrate(url, 'latest');
    await asOwner(url, async (owner) => {
      await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${STAGE_3_TABLES} TO day90_app`);
      await owner.query('GRANT SELECT ON knex_migrations TO day90_app');
      for (const statement of shardSchema) await owner.query(statement);
    });
  } finally {
    await server.stop();
  }
}

const STAGE_3_TABLES = 'users, follows, posts, recommendations, idempotency_keys';

interface Part {
  shard: number;
  map: BucketMap;
  members: readonly string[];
  scale: Scale;
  say: (line: string) => void;
}

function fill(url: string, { shard, map, members, scale, say }: Part): Promise<void> {
  const rows = seededRows(scale, members, (bucket) => map.shardOf[bucket] === shard);
  const bits = map.shardOf.map((other) => (other === shard ? '1' : '0')).join('');
  return asOwner(url, async (owner) => {
    const copy = (table: string, of: Iterable<object>) =>
      copyRows(owner, table, of, (done) => say(`shard ${shard}: ${table} ${done.toLocaleString('en')}`));
    const tables = SHARD_TABLES.map(({ name }) => name).join(', ');
    await owner.query('BEGIN');
    await owner.query(`TRUNCATE ${tables}`);
    for (const table of ['users', 'emails', 'posts', 'follows', 'followers'] as const) await copy(table, rows[table]());
    await owner.query('COMMIT');
    await owner.query('UPDATE ownership SET owned = $1::bit(1024)', [bits]);
    if (shard === 1) {
      const { format, version, shardOf, changedAt } = map;
      const values = [format, version, shardOf, changedAt];
      await owner.query(
        'INSERT INTO bucket_map (format, version, shard_of, changed_at) VALUES ($1, $2, $3, $4)',
        values,
      );
    }
    await owner.query(`VACUUM (ANALYZE) ${tables}, ownership`);
  });
}

async function recommendToDemoMembers(urls: string[], members: readonly string[]): Promise<void> {
  const shards = new ShardSet(urls, { logger: createLogger({ LOG_LEVEL: 'silent', BOX: 'loader' }), pool: 2 });
  const recommend = shardedRecommend(shards);
  for (const id of members.slice(1, 1 + DEMO_MEMBERS)) await runInBackground(shards.transactor, () => recommend(id));
  await shards.close();
}

async function asOwner(url: string, work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  owner.on('error', () => {}); // ended with its server, since another shard could not be filled: that one tells why
  await owner.connect();
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}

if (import.meta.main) {
  const { DATA_DIR, SCALE, DB_OWNER_PASSWORD, DB_APP_PASSWORD, SHARDS = String(FIRST_SHARDS) } = process.env;
  const passwords = { owner: DB_OWNER_PASSWORD as string, app: DB_APP_PASSWORD as string };
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    await loadShards({ root: DATA_DIR as string, scale: SCALE as Scale, passwords, shards: Number(SHARDS), say });
  } catch (error) {
    say((error as Error).message); // such as a full disk: a stack would say no more, and hide it
    process.exitCode = 1;
  }
}
