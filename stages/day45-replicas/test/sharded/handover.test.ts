import { transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { handoverRecoverer } from 'stage-4/sharded';
import type { Move } from '../../src/sharded/bucket-map.ts';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { type Journal, journalOn } from '../../src/sharded/reshard/journal.ts';
import { moveBucket, type Step } from '../../src/sharded/reshard/move-bucket.ts';
import { type OwnerClient, ownerClient } from '../../src/sharded/reshard/owner-client.ts';
import { hiddenRows, owners } from './row-books.ts';
import { logger, type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;
let recoverer: ReturnType<typeof handoverRecoverer>;
let clients: OwnerClient[];
let journal: Journal;

beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
  recoverer = handoverRecoverer(rig.set, logger);
  clients = await Promise.all(shards.urls('owner').map(ownerClient));
  journal = journalOn(clients[0] as OwnerClient);
}, 180_000);
afterAll(async () => {
  await recoverer?.close();
  await rig?.close();
  await Promise.all((clients ?? []).map((client) => client.close()));
});

const write = (authorId: string) =>
  inRequest(rig, () => transaction(() => rig.posts.create(authorId, { title: 'A title', body: 'A body' })));

/** The move of a member's bucket to the next shard. */
async function moveOf(member: string): Promise<Move> {
  const bucket = bucketOf(member);
  const from = (await journal.map()).shardOf[bucket] as number;
  return { bucket, from, to: (from % 3) + 1 };
}

/** @param afterLetGo - What happens while nobody has the bucket. */
async function carryOut(move: Move, afterLetGo: () => Promise<unknown> = async () => {}): Promise<void> {
  const [from, to] = [clients[move.from - 1] as OwnerClient, clients[move.to - 1] as OwnerClient];
  const onStep = async (step: Step) => void (step === 'let-go' && (await afterLetGo()));
  await moveBucket(move, await journal.map(), { journal, from, to, onStep });
}

async function asApp(shard: number, sql: string, values: unknown[]): Promise<void> {
  const app = new pg.Client({ connectionString: shards.urls('app')[shard - 1] });
  await app.connect();
  await app.query(sql, values);
  await app.end();
}

/** Every bucket is on one shard, where the map says. */
async function expectWhole(): Promise<void> {
  const { shardOf } = await journal.map();
  expect(await owners(shards, 3)).toEqual(shardOf.map((shard) => [shard]));
}

describe('a bucket that nobody has', () => {
  it('is taken within the second in which writers ask again, when its mover has died', async () => {
    const member = await newMember(rig);
    const move = await moveOf(member);
    const dead = carryOut(move, () => Promise.reject(new Error('died')));
    await expect(dead).rejects.toThrow('died');
    await write(member);
    await expectWhole();
    expect((await journal.map()).shardOf[move.bucket]).toBe(move.to);
    await carryOut(move); // deletes what is left of it
    expect(await hiddenRows(shards, 3)).toBe(0);
    expect(await shards.query(move.from, 'SELECT * FROM handovers')).toEqual([]);
  });

  it('is where it should be when its mover has stood still, and goes on', async () => {
    const member = await newMember(rig);
    const { version } = await journal.map();
    await carryOut(await moveOf(member), () => write(member));
    await expectWhole();
    expect((await journal.map()).version).toBe(version + 1);
    expect(await hiddenRows(shards, 3)).toBe(0);
  });

  it('is taken once, and by no one who comes later', async () => {
    const member = await newMember(rig);
    const move = await moveOf(member);
    const before = await journal.map();
    await carryOut(move);
    await carryOut(await moveOf(member));
    const version = before.version + 1;
    await asApp(move.to, 'SELECT take_bucket($1, $2)', [move.bucket, version]);
    await asApp(1, 'SELECT note_map($1, $2, $3)', [version, before.shardOf, before.changedAt]);
    await expectWhole();
    expect((await journal.map()).version).toBe(before.version + 2);
  });
});
