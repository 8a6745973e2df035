import { atMost, type Check, type Drill, during, latencies, noneFailed, type Rig, type Sent } from '@day90/bench/drill';
import type { Page, Post } from '@day90/core';
import { firstShardOf, shardedSeeds } from './seeded-ids.ts';

/** Not the one with the bucket map: what that costs more, stage 4's README says. */
const DOWN = 2;
const BOX = `shard-${DOWN}`;
const DOWN_MS = 8000;
const LONGEST_503_MS = 300;
const LONGEST_RECOVERY_MS = 20_000;

/** A part of the members can't be served, and nobody else notices but by lists that say that they are not whole. */
export const shardDown: Drill = {
  number: 18,
  slug: 'shard-down',
  stage: 'stage-4',
  title: 'kill -9 of one of 3 shards, down for 8 s',
  expects: [
    'what is on the other shards: 0 failed',
    'what is on this one: 503 with Retry-After within 300 ms, or from the cache',
    'the feed goes on over the others, and says `partial: true`',
    'ids are unique and sorted after its return',
  ],
  topology: 'src/sharded/topology.ts',
  ids: shardedSeeds,
  rate: 60,
  mix: { post: 30, feed: 15, user: 8, author: 8, me: 8, create: 16, keyed: 8, update: 7 },
  faultSeconds: 12,
  unavailable: 'unknown', // the answer to a COMMIT may have been lost
  async fault(rig) {
    rig.instance.hold(BOX);
    rig.mark('killed');
    await rig.kill(BOX);
    const end = rig.now() + DOWN_MS;
    while (rig.now() < end) {
      await lookAtFeed(rig);
      await rig.sleep(200);
    }
    rig.instance.release(BOX);
    rig.mark('released');
    await rig.until('the feed is whole again', LONGEST_RECOVERY_MS, async () => !(await feed(rig)).page?.partial);
  },
  async heal() {
    // The pools have connected again, unasked.
  },
  async judge(records, rig) {
    const judged = during(records, ['steady', 'fault', 'healed']);
    const others = judged.filter(({ about }) => about === undefined || firstShardOf(about) !== DOWN);
    const { feeds = 0, 'feeds that were partial': partial = 0 } = rig.facts;
    return [
      noneFailed('others', 'requests for the other shards, and for lists over all', others),
      ...refusals(judged.filter((one) => one.outcome === 'failed' && !others.includes(one))),
      {
        id: 'partial',
        criterion: 'the feed of 20 posts while it is down: 200, and says that it is partial',
        value: `${partial} of ${feeds}`,
        passed: feeds > 0 && partial === feeds,
      },
      await sortedIds(rig),
    ];
  },
  mutation: {
    title: 'has the feed need all shards',
    topology: 'drills/sharded/needs-all/topology.ts',
    breaks: ['others', 'partial'],
  },
};

async function feed(rig: Rig, path = '/posts?limit=20'): Promise<{ status: number; page?: Page<Post> }> {
  const { status, body } = await rig.get(path);
  return status === 200 ? { status, page: JSON.parse(body) as Page<Post> } : { status };
}

async function lookAtFeed(rig: Rig): Promise<void> {
  const { page } = await feed(rig);
  rig.facts.feeds = (rig.facts.feeds ?? 0) + 1;
  if (page?.partial && page.items.length === 20 && page.items.every(({ author }) => firstShardOf(author.id) !== DOWN))
    rig.facts['feeds that were partial'] = (rig.facts['feeds that were partial'] ?? 0) + 1;
}

function refusals(failed: readonly Sent[]): Check[] {
  const others = failed.filter(({ status, retryAfter }) => status !== 503 || retryAfter === undefined);
  return [
    {
      id: 'only-503',
      criterion: 'failed requests for it: 503 with Retry-After, each',
      value: [`${others.length} of ${failed.length} are not`, ...new Set(others.map(({ why }) => why))].join(', '),
      passed: failed.length > 0 && others.length === 0,
    },
    atMost('soon', 'each of them within 300 ms', Math.max(...latencies(failed)), LONGEST_503_MS, 'ms'),
  ];
}

/** All that was written in the drill is among the newest posts. */
async function sortedIds(rig: Rig): Promise<Check> {
  const items: Post[] = [];
  for (let next: string | null = ''; next !== null && items.length < 1000; ) {
    const { page } = await feed(rig, `/posts?limit=100${next === '' ? '' : `&before=${next}`}`);
    items.push(...(page?.items ?? []));
    next = page?.next ?? null;
  }
  const ids = items.map(({ id }) => BigInt(id));
  const falls = ids.filter((id, i) => i > 0 && id >= (ids[i - 1] as bigint)).length;
  return {
    id: 'sorted',
    criterion: 'the newest 1,000 posts: every id once, in the order of their times',
    value: `${ids.length} posts, ${falls} out of order`,
    passed: ids.length >= 1000 && falls === 0,
  };
}
