import { setTimeout as sleep } from 'node:timers/promises';
import { transaction, type User } from '@day90/core';
import { inRequest } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FollowSaga, ShardSet, shardedIds, shardedUsers } from 'stage-4/sharded';
import { logger, type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;
beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
}, 180_000);
afterAll(() => rig?.close());

/** Shards of a process that stands still between reserving an address and storing its member. */
class StoppedShards extends ShardSet {
  readonly #stopped: () => Promise<unknown>;

  constructor(urls: string[], stopped: () => Promise<unknown>) {
    super(urls, { logger, pool: 2 });
    this.#stopped = stopped;
  }

  override async write<T>(bucket: number, write: (shard: number) => Promise<T>): Promise<T> {
    await this.#stopped();
    return super.write(bucket, write);
  }
}

function signUp(email: string): Promise<User | undefined> {
  return inRequest(rig, () => transaction(() => rig.users.create({ name: 'N', email, passwordHash: '$x' })));
}

/** Has every reservation look as if it were left. */
async function expire(): Promise<void> {
  for (const shard of [1, 2, 3]) await shards.query(shard, 'UPDATE emails SET created_at = 0 WHERE NOT confirmed');
}

/** All members who have an address, whoever the directory says has it. */
async function membersWith(email: string): Promise<string[]> {
  const query = 'SELECT id FROM users WHERE email = $1';
  const rows = await Promise.all([1, 2, 3].map((shard) => shards.query<{ id: string }>(shard, query, [email])));
  return rows.flat().map(({ id }) => id);
}

describe('a signup that is slower than its reservation lasts', () => {
  it('does not come to an address that another one has by then', async () => {
    const email = `slow-${Date.now()}@day90.test`;
    let fast: User | undefined;
    const set = new StoppedShards(shards.urls('app'), async () => {
      await expire();
      fast = await signUp(email);
    });
    const users = shardedUsers(set, { ids: shardedIds(13), saga: new FollowSaga(set, logger), logger });
    const slow = await inRequest({ transactor: set.transactor }, () =>
      transaction(() => users.create({ name: 'N', email, passwordHash: '$x' })),
    );
    await set.close();
    expect([fast?.id, slow]).toEqual([expect.any(String), undefined]);
    expect(await membersWith(email)).toEqual([fast?.id]);
    expect((await inRequest(rig, () => rig.users.findByEmail(email)))?.user).toEqual(fast);
  });

  it('keeps its address once its member is stored, though nobody can see them yet', async () => {
    const email = `stored-${Date.now()}@day90.test`;
    let fast: Promise<User | undefined> | undefined;
    const slow = await inRequest(rig, () =>
      transaction(async () => {
        const user = await rig.users.create({ name: 'N', email, passwordHash: '$x' });
        await expire();
        fast = signUp(email);
        await sleep(300);
        return user;
      }),
    );
    expect(await fast).toBeUndefined();
    expect(await membersWith(email)).toEqual([slow?.id]);
  });

  it('is given another id when somebody has asked for the one it was to have', async () => {
    const email = `guessed-${Date.now()}@day90.test`;
    const follower = (await signUp(`follower-${email}`)) as User;
    const worker = shardedIds(12);
    const [guessed, other] = [worker.next(7), worker.next(7)];
    expect(await inRequest(rig, () => rig.users.follow(follower.id, guessed))).toBe(false);
    const ids = [guessed, other];
    const users = shardedUsers(rig.set, { ids: { next: () => ids.shift() as string }, saga: rig.saga, logger });
    const user = await inRequest(rig, () => users.create({ name: 'N', email, passwordHash: '$x' }));
    expect(user?.id).toBe(other);
    expect((await inRequest(rig, () => rig.users.findByEmail(email)))?.user).toEqual(user);
  });
});
