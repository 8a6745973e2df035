import { transaction, UnavailableError } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { journalOn } from '../../src/sharded/reshard/journal.ts';
import { moveBucket } from '../../src/sharded/reshard/move-bucket.ts';
import { type OwnerClient, ownerClient } from '../../src/sharded/reshard/owner-client.ts';
import { hiddenRows, MOST_PAUSE_MS } from './row-books.ts';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const WRITERS = 6;
const MOVES = 24;
const starting = shardsOfThisFile();
let shards: Shards;
let rigs: ReturnType<typeof shardedRig>[];
let owners: OwnerClient[];

beforeAll(async () => {
  shards = await starting();
  rigs = [shardedRig(shards.urls('app')), shardedRig(shards.urls('app'))];
  owners = await Promise.all(shards.urls('owner').map(ownerClient));
}, 180_000);
afterAll(async () => {
  await Promise.all([...(rigs ?? []), ...(owners ?? [])].map((one) => one.close()));
});

/** Moves one bucket from shard to shard, without a pause between two moves. */
async function carryAround(bucket: number): Promise<number> {
  const journal = journalOn(owners[0] as OwnerClient);
  let map = await journal.map();
  let longestMs = 0;
  for (let i = 0; i < MOVES; i += 1) {
    const from = map.shardOf[bucket] as number;
    const to = (from % 3) + 1;
    const [source, target] = [owners[from - 1] as OwnerClient, owners[to - 1] as OwnerClient];
    const moved = await moveBucket({ bucket, from, to }, map, {
      journal,
      from: source,
      to: target,
      onStep: async () => {},
    });
    map = moved.map;
    longestMs = Math.max(longestMs, moved.pauseMs);
  }
  return longestMs;
}

/** On a machine with more to do than cores a connection may come too late; nothing was asked of the database then. */
function wasNeverSent(error: unknown): boolean {
  return error instanceof UnavailableError && error.message === 'No connection to the database was free.';
}

describe('a bucket that is carried around', () => {
  it('loses nothing that was written to it meanwhile, and is on every feed whole', async () => {
    const author = await newMember(rigs[0] as (typeof rigs)[number]);
    const bucket = bucketOf(author);
    const written = new Map<string, { title: string; views: number }>();
    const missed: string[] = [];
    let over = false;
    const write = async (writer: number) => {
      const rig = rigs[writer % rigs.length] as (typeof rigs)[number];
      for (let turn = 0; !over; turn += 1) {
        const title = `writer ${writer}, turn ${turn}`;
        await inRequest(rig, async () => {
          const { value } = await transaction(() => rig.posts.create(author, { title, body: 'body' }));
          written.set(value.id, { title, views: 1 });
          rig.views.add(value.id);
          const changed = await transaction(() => rig.posts.update(value.id, author, { title: `${title}, changed` }));
          if (typeof changed === 'string') missed.push(`update of ${title}: ${changed}`);
          written.set(value.id, { title: `${title}, changed`, views: 1 });
          const { value: feed } = await rig.posts.recent({ limit: 100 });
          // Each writer's newest one is among the newest hundred of six.
          if (feed.partial || !feed.items.some(({ id }) => id === value.id)) missed.push(`${title} in the feed`);
          if (!(await rig.posts.findById(value.id))) missed.push(title);
        }).catch((error: unknown) => {
          if (!wasNeverSent(error)) throw error;
        });
      }
    };
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, i) => write(i)));
    const longestMs = await carryAround(bucket);
    over = true;
    await writing;
    await Promise.all(rigs.map((rig) => rig.views.close()));

    expect(missed).toEqual([]);
    expect(written.size).toBeGreaterThan(MOVES);
    expect(longestMs).toBeLessThan(MOST_PAUSE_MS);
    const query = 'SELECT id, title, views::int FROM posts WHERE author_id = $1';
    const stored = (
      await Promise.all(
        [1, 2, 3].map((n) => shards.query<{ id: string; title: string; views: number }>(n, query, [author])),
      )
    ).flat();
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(stored.sort(byId)).toEqual([...written].map(([id, post]) => ({ id, ...post })).sort(byId));
    expect(await hiddenRows(shards, 3)).toBe(0);
  }, 120_000);
});
