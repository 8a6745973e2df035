import { transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { journalOn } from '../../src/sharded/reshard/journal.ts';
import { type Moved, moveBucket, type Step } from '../../src/sharded/reshard/move-bucket.ts';
import { type OwnerClient, ownerClient } from '../../src/sharded/reshard/owner-client.ts';
import { SHARD_TABLES } from '../../src/sharded/shard-tables.ts';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;
let owners: OwnerClient[];

beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
  owners = await Promise.all(shards.urls('owner').map(ownerClient));
}, 180_000);
afterAll(async () => {
  await rig?.close();
  await Promise.all((owners ?? []).map((owner) => owner.close()));
});

const write = (authorId: string, title: string) =>
  inRequest(rig, () => transaction(() => rig.posts.create(authorId, { title, body: 'A body' })));

/** Moves a member's bucket to the next shard. */
async function moveOn(member: string, at: Partial<Record<Step, () => Promise<unknown>>>): Promise<Moved> {
  const journal = journalOn(owners[0] as OwnerClient);
  const [map, bucket] = [await journal.map(), bucketOf(member)];
  const from = map.shardOf[bucket] as number;
  const to = (from % 3) + 1;
  return moveBucket({ bucket, from, to }, map, {
    journal,
    from: owners[from - 1] as OwnerClient,
    to: owners[to - 1] as OwnerClient,
    onStep: async (step) => void (await at[step]?.()),
  });
}

/** The shard that has a member's bucket by the map. */
async function shardWith(member: string): Promise<number> {
  return (await journalOn(owners[0] as OwnerClient).map()).shardOf[bucketOf(member)] as number;
}

async function asApp(shard: number, sql: string, values: unknown[]): Promise<void> {
  const app = new pg.Client({ connectionString: shards.urls('app')[shard - 1] });
  await app.connect();
  await app.query(sql, values);
  await app.end();
}

/** Rows of a bucket in every table of a shard, as text. */
async function rowsOf(shard: number, bucket: number): Promise<string[]> {
  const rows = await Promise.all(
    SHARD_TABLES.map(({ name, inBucket }) =>
      shards.query<{ row: string }>(shard, `SELECT '${name} ' || t::text AS row FROM ${name} t WHERE ${inBucket}`, [
        bucket,
      ]),
    ),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .sort();
}

describe('what is written to a bucket while it moves', () => {
  it.each<Step>(['copied', 'compared'])(
    'moves with it when it was %s, with keys that no number holds',
    async (step) => {
      const member = await newMember(rig);
      const [kept, gone] = [await write(member, 'Kept'), await write(member, 'Gone')];
      const from = await shardWith(member);
      const other = await newMember(rig);
      let before: string[] = [];
      await moveOn(member, {
        [step]: async () => {
          await inRequest(rig, () => transaction(() => rig.posts.update(kept.value.id, member, { title: 'Changed' })));
          await write(member, 'New');
          await inRequest(rig, () => rig.users.follow(member, other));
          await inRequest(rig, () => rig.users.follow(other, member));
          await inRequest(rig, () => rig.recommend(member));
          await asApp(from, 'DELETE FROM posts WHERE id = $1', [gone.value.id]);
        },
        noted: async () => {
          before = await rowsOf(from, bucketOf(member));
        },
      });
      expect(Number.isSafeInteger(Number(kept.value.id))).toBe(false);
      expect(before.some((row) => row.includes('Changed'))).toBe(true);
      expect(await rowsOf(await shardWith(member), bucketOf(member))).toEqual(before);
    },
  );
});

describe('the pause of a bucket', () => {
  it('does not begin before all of it was compared', async () => {
    const member = await newMember(rig);
    const titles: string[] = [];
    await moveOn(member, {
      compared: async () => void titles.push((await write(member, 'Meanwhile')).value.title),
    });
    expect(titles).toEqual(['Meanwhile']);
  });

  it('ends with nothing moved when what was changed after that differs', async () => {
    const member = await newMember(rig);
    const from = await shardWith(member);
    const to = (from % 3) + 1;
    await shards.query(to, SPOIL);
    await shards.query(to, SPOILING);
    await expect(moveOn(member, { compared: () => write(member, 'Sound') })).rejects.toThrow(
      /^bucket \d+: posts differs, 1 rows and 1 in the copy: nothing was moved$/,
    );
    await shards.query(to, 'DROP FUNCTION spoil CASCADE');
    await write(member, 'Still here');
    expect(await shardWith(member)).toBe(from);
    await moveOn(member, {});
    expect(await shardWith(member)).toBe(to);
  });

  it('is over after two seconds for its writers when the mover is frozen in it, and nothing has moved', async () => {
    const member = await newMember(rig);
    const from = await shardWith(member);
    const waited: number[] = [];
    const frozen = moveOn(member, {
      verified: async () => {
        const began = performance.now();
        await write(member, 'Patient');
        waited.push(performance.now() - began);
      },
    });
    await expect(frozen).rejects.toThrow(/^bucket \d+: its writers were let go on after 2000 ms: nothing was moved$/);
    expect(waited[0]).toBeLessThan(3500);
    owners[from - 1] = await ownerClient(shards.urls('owner')[from - 1] as string); // that one is gone
    expect(await shardWith(member)).toBe(from);
    await moveOn(member, {});
    expect(await shardWith(member)).not.toBe(from);
  });
});

/** One post arrives with another title than it was sent with. */
const SPOIL = `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.title = 'Spoilt'; RETURN NEW; END $$`;
const SPOILING = `CREATE TRIGGER spoil BEFORE INSERT ON posts
  FOR EACH ROW WHEN (NEW.title = 'Sound') EXECUTE FUNCTION spoil()`;
