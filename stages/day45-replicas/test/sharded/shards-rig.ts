import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@day90/core';
import { dataSecrets, ensureTemplate, Guardian, handOver, workspaceRoot } from '@day90/infra';
import { afterAll } from '@jest/globals';
import pg from 'pg';
import { databaseUrl, type PostgresServer, startPostgres } from 'stage-3/loading';
import {
  FollowSaga,
  ShardSet,
  shardedAnswers,
  shardedIds,
  shardedPosts,
  shardedRecommend,
  shardedUsers,
  shardedViews,
} from 'stage-4/sharded';
import { data, FIRST_SHARDS } from '../../src/sharded/shard-data.ts';

const STAGE = fileURLToPath(new URL('../..', import.meta.url));
export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

/** Shards of the `small` data on free ports, for all tests of a file; ended after the last of them. */
export interface Shards {
  urls(role: 'app' | 'owner'): string[];
  /** Starts an empty one behind those there are. */
  grow(): Promise<void>;
  server(shard: number): PostgresServer;
  /** Ends one in order; {@link Shards.start} has it back on its port. */
  stop(shard: number): Promise<void>;
  start(shard: number): Promise<void>;
  /** Runs one statement on a shard, as its owner. */
  query<Row extends pg.QueryResultRow>(shard: number, sql: string, values?: unknown[]): Promise<Row[]>;
}

let workers = 0;

/** Starts the shards when they are first asked for. */
export function shardsOfThisFile(): () => Promise<Shards> {
  let starting: Promise<Started> | undefined;
  afterAll(async () => {
    const started = await starting;
    for (const server of started?.servers ?? []) await server.stop();
    await started?.remove();
  });
  return () => {
    starting ??= startAll();
    return starting.then(({ shards }) => shards);
  };
}

interface Started {
  shards: Shards;
  servers: PostgresServer[];
  remove(): Promise<void>;
}

async function startAll(): Promise<Started> {
  const template = await ensureTemplate(data, { folder: STAGE, scale: 'small' });
  const { env } = await dataSecrets(data, workspaceRoot(STAGE));
  const passwords = { owner: env.DB_OWNER_PASSWORD as string, app: env.DB_APP_PASSWORD as string };
  const root = await mkdtemp(join(tmpdir(), 'day90-shards-'));
  const guardian = new Guardian();
  guardian.leftover(root);
  await cp(template, root, { recursive: true });
  handOver(root);
  const servers: PostgresServer[] = [];
  const run = (shard: number, port?: number) =>
    startPostgres(join(root, `shard-${shard}`), passwords, { guardian, ...(port !== undefined && { port }) });
  for (let shard = 1; shard <= FIRST_SHARDS; shard += 1) servers.push(await run(shard));
  const server = (shard: number) => servers[shard - 1] as PostgresServer;
  const urls = (role: 'app' | 'owner') => servers.map(({ port }) => databaseUrl(role, passwords, port));
  const shards: Shards = {
    urls,
    server,
    async grow() {
      servers.push(await run(servers.length + 1));
    },
    stop: (shard) => server(shard).stop(),
    async start(shard) {
      servers[shard - 1] = await run(shard, server(shard).port);
    },
    async query<Row extends pg.QueryResultRow>(shard: number, sql: string, values: unknown[] = []) {
      const client = new pg.Client({ connectionString: urls('owner')[shard - 1] });
      await client.connect();
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
  const remove = async () => {
    await rm(root, { recursive: true, force: true });
    guardian.bye();
  };
  return { shards, servers, remove };
}

/** What one process of the app has of the shards. Each has an id worker of its own. */
export function shardedRig(urls: string[]) {
  const set = new ShardSet(urls, { logger, pool: 10 });
  workers = (workers % 15) + 1;
  const ids = shardedIds(workers);
  const saga = new FollowSaga(set, logger);
  const views = shardedViews(set, logger);
  const answers = shardedAnswers(set, logger);
  return {
    set,
    saga,
    transactor: set.transactor,
    users: shardedUsers(set, { ids, saga, logger }),
    posts: shardedPosts(set, ids),
    views,
    answers,
    recommend: shardedRecommend(set),
    async close() {
      await views.close();
      await answers.close();
      await set.close();
    },
  };
}
