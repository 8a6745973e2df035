import {
  asReader,
  currentContext,
  type Posts,
  type Reader,
  runInBackground,
  transaction,
  type Users,
} from '@day90/core';
import { describePosts, describeUsers, eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { type Cluster, openCluster, splitPosts, splitUsers } from 'stage-4';
import { type ClusterRig, startCluster } from './cluster-rig.ts';
import { logger } from './silent-logger.ts';

let rig: ClusterRig;
beforeAll(async () => {
  rig = await startCluster({ lag: '500ms' });
}, 120_000);
afterAll(() => rig?.stop(), 180_000);

/** One client, in one process. */
function oneClient(): Reader {
  let seen = '';
  return {
    floor: async () => seen,
    async saw(position) {
      seen = position > seen ? position : seen;
    },
  };
}

/** A repository as one client calls it. */
function calledBy<T extends object>(reader: Reader, repository: T): T {
  const called = Object.entries(repository).map(([name, method]) => [
    name,
    (...args: unknown[]) => asReader(reader, () => method(...args)),
  ]);
  return Object.fromEntries(called) as T;
}

/** A cluster whose primary is known. */
async function opened(maxLagMs: number): Promise<Cluster> {
  const cluster = openCluster(rig.urls, { logger, pool: 10, maxLagMs });
  const query = { sql: 'SELECT', values: [] };
  await eventually(
    () => cluster.primary.run(query).catch(() => undefined),
    (rows) => rows !== undefined,
    10_000,
  );
  return cluster;
}

/** The repositories of the step on real databases, whose replicas are half a second behind. */
async function laggingRig() {
  const cluster = await opened(5000);
  const views = sqlViews(cluster.primary, logger);
  const client = oneClient();
  return {
    views,
    transactor: <T>(work: (handle: unknown) => Promise<T>) => asReader(client, () => cluster.primary.transactor(work)), // its COMMIT is the client's, too
    posts: calledBy<Posts>(client, splitPosts(sqlPosts(cluster.primary), sqlPosts(cluster.reads))),
    users: calledBy<Users>(client, splitUsers(sqlUsers(cluster.primary), sqlUsers(cluster.reads))),
    recommend: sqlRecommend(cluster.primary),
    async close() {
      await views.close();
      await cluster.close();
    },
  };
}

describePosts('on real servers whose replicas are half a second behind, splitPosts', laggingRig);
describeUsers('on real servers whose replicas are half a second behind, splitUsers', laggingRig);

describe('openCluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await opened(1000);
    await eventually(
      () => nodesOf(12),
      (nodes) => nodes.length === 3,
      10_000,
    );
  });
  afterAll(() => cluster?.close());

  const request = <T>(work: () => Promise<T>) => runInBackground(cluster.primary.transactor, work);
  const read = () =>
    request(async () => {
      await cluster.reads.run({ sql: 'SELECT id FROM posts LIMIT 1', values: [] });
      return currentContext()?.timings.get('dbnode') ?? '';
    });
  const write = (title: string) =>
    request(() =>
      transaction(() => cluster.primary.run({ sql: `UPDATE posts SET title = $1 WHERE id = 1`, values: [title] })),
    );
  /** Who answers some reads of nobody in particular. */
  async function nodesOf(reads: number): Promise<string[]> {
    const nodes = new Set<string>();
    for (let n = 0; n < reads; n++) nodes.add(await read().catch(() => 'failed'));
    return [...nodes].sort();
  }

  it('keeps replicas in the rotation that are within the bound, and while nothing is written', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await nodesOf(12)).toEqual(['desc="primary"', 'desc="replica-2"', 'desc="replica-3"']);
  });

  it('takes a replica whose replay is paused out of it, which itself tells of no lag, and back in', async () => {
    await rig.ask('db-2', 'SELECT pg_wal_replay_pause()');
    const stopped = performance.now();
    await write('paused');
    await eventually(
      () => nodesOf(12),
      (nodes) => !nodes.includes('desc="replica-2"'),
    );
    expect(performance.now() - stopped).toBeGreaterThan(1000);
    await rig.ask('db-2', 'SELECT pg_wal_replay_resume()');
    await eventually(
      () => nodesOf(12),
      (nodes) => nodes.length === 3,
    );
  });

  it('loses no read to a replica that is killed under it', async () => {
    let stopped = false;
    const outcomes = new Map<string, number>();
    const readers = Array.from({ length: 8 }, async () => {
      while (!stopped) {
        const node = await read().catch((error: Error) => error.message);
        outcomes.set(node, (outcomes.get(node) ?? 0) + 1);
      }
    });
    rig.instance.hold('db-3');
    await rig.instance.kill('db-3');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    stopped = true;
    await Promise.all(readers);
    expect([...outcomes.keys()].filter((node) => !node.startsWith('desc='))).toEqual([]);
    expect(await nodesOf(12)).toEqual(['desc="primary"', 'desc="replica-2"']);
    rig.instance.release('db-3');
  });
});
