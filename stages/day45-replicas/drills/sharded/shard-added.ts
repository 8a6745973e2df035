import { fileURLToPath } from 'node:url';
import { atMost, type Check, type Drill, during, JUDGED, noneFailed, type Rig } from '@day90/bench/drill';
import { secrets, workspaceRoot } from '@day90/infra';
import pg from 'pg';
import { databaseUrl } from 'stage-3/loading';
import { reshard } from '../../src/sharded/reshard/reshard.ts';
import { SHARD_TABLES } from '../../src/sharded/shard-tables.ts';
import { shardedSeeds } from './seeded-ids.ts';

const SHARDS = 4;

/** A quarter of everything moves to a new shard, and nobody notices. */
export const shardAdded: Drill = {
  number: 19,
  slug: 'shard-added',
  stage: 'stage-4',
  title: 'a fourth shard is added, and a quarter of the buckets moves to it under load',
  expects: [
    '0 requests failed',
    '0 rows lost, 0 doubled; each bucket was compared row by row before it changed hands',
    'buckets moved at most 26 %, rows at most 30 %',
    'writes to a bucket wait less than 500 ms',
  ],
  topology: 'src/sharded/topology.ts',
  ids: shardedSeeds,
  // Else the books would be compared with what the cache remembers.
  env: { app: { CACHE_POST_SECONDS: '1' } },
  rate: 60,
  mix: { post: 20, feed: 15, user: 8, author: 12, me: 5, create: 20, keyed: 10, update: 10 },
  faultSeconds: 25,
  async fault(rig) {
    try {
      const result = await reshard({
        shards: SHARDS,
        say: () => {},
        urlOf: (shard) => ownerUrl(rig, shard),
        grow: (count) => rig.instance.scale('shard', count),
      });
      rig.facts['buckets moved'] = result.buckets;
      rig.facts['per cent of rows moved'] = (100 * result.rows) / result.allRows;
      rig.facts['longest wait of writes, ms'] = result.longestPauseMs;
      rig.facts['per cent by modulo'] = (100 * result.modulo.moved) / result.modulo.of;
    } catch (error) {
      // Without the protection it may come to this, and the load is what is to be judged.
      rig.facts['could not move'] = 1;
      process.stderr.write(`${(error as Error).message}\n`);
    }
  },
  async heal() {
    // There is nothing broken.
  },
  async judge(records, rig) {
    const fact = (name: string) => rig.facts[name] ?? Number.NaN;
    return [
      noneFailed('answers', 'requests of all kinds', during(records, JUDGED)),
      await oneOwnerEach(rig),
      atMost('buckets', 'buckets moved ≤ 26 % of 1,024', (100 * fact('buckets moved')) / 1024, 26, '%'),
      atMost('rows', 'rows moved ≤ 30 %', fact('per cent of rows moved'), 30, '%'),
      atMost('pause', 'writes to a bucket waited < 500 ms', fact('longest wait of writes, ms'), 500, 'ms'),
    ];
  },
  mutation: {
    title: 'has the apps believe the map of their start, and log in as the owner, whom no shard refuses anything',
    topology: 'drills/sharded/believes-its-map/topology.ts',
    breaks: ['answers'],
  },
};

async function ownerUrl({ instance }: Rig, shard: number): Promise<string> {
  const known = await secrets(workspaceRoot(fileURLToPath(import.meta.url)), ['db-owner', 'db-app']);
  const passwords = { owner: known['db-owner'] as string, app: known['db-app'] as string };
  return databaseUrl('owner', passwords, instance.box(`shard-${shard}`).port as number);
}

/** Every bucket is on one shard, and no shard holds rows of one that it has not got. */
async function oneOwnerEach(rig: Rig): Promise<Check> {
  const owners = Array<number>(1024).fill(0);
  let hidden = 0;
  for (let shard = 1; shard <= SHARDS; shard += 1) {
    const client = new pg.Client({ connectionString: await ownerUrl(rig, shard) });
    await client.connect();
    const { rows } = await client.query<{ owned: string }>('SELECT owned FROM ownership');
    for (const [bucket, bit] of [...(rows[0]?.owned ?? '')].entries())
      owners[bucket] = (owners[bucket] ?? 0) + Number(bit);
    for (const { name, bucketOf } of SHARD_TABLES) {
      const sql = `SELECT count(*)::int AS rows FROM ${name} t, ownership WHERE get_bit(owned, ${bucketOf('t')}) = 0`;
      hidden += (await client.query<{ rows: number }>(sql)).rows[0]?.rows ?? 0;
    }
    await client.end();
  }
  const wrong = owners.filter((count) => count !== 1).length;
  return {
    id: 'one-owner',
    criterion: 'each bucket on one shard, and rows nowhere else',
    value: `${wrong} buckets on none or two, ${hidden} rows on the wrong shard`,
    passed: wrong === 0 && hidden === 0,
  };
}
