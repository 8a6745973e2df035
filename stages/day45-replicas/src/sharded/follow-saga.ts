import { afterCommit, type Logger } from '@day90/core';
import { coldQuery, type SqlDatabase } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { giveUp } from './given-up.ts';
import type { ShardSet } from './shard-set.ts';
import { ShardTransaction } from './shard-transaction.ts';

/** What became of a follow. */
type Outcome = 'done' | 'undone';
type State = 'begun' | Outcome;

/** One member and whom they want to follow. */
export interface Pair {
  follower: string;
  followee: string;
}

/**
 * Following changes two members, on two shards, and no transaction spans them. So it is a saga: steps that are each a
 * transaction, and for the first one a step that takes it back.
 *
 * 1. at the follower: the row of `follows`, and that the saga has begun;
 * 2. at the followee: the row of `followers`, or nothing where there is no such member;
 * 3. at the follower: that it is done, or, refused, the row taken back again.
 *
 * Each step is written down in its own transaction, at the follower, and each may be done again with no further effect. So
 * whoever finds a saga that has begun can go on with it, also when the process that began it is dead, or still at it.
 * @see https://www.cs.cornell.edu/andru/cs711/2002fa/reading/sagas.pdf — H. Garcia-Molina, K. Salem, "Sagas", SIGMOD 1987
 */
export class FollowSaga {
  readonly #shards: ShardSet;
  readonly #logger: Logger;

  constructor(shards: ShardSet, logger: Logger) {
    this.#shards = shards;
    this.#logger = logger;
  }

  /**
   * Makes `follower` follow `followee`; again is no change.
   *
   * In a transaction that has begun, such as a signup's, step 1 belongs to it, and the others follow its commit: the answer is
   * then `true` before it is known.
   * @returns `false` when `followee` does not exist.
   */
  async follow(follower: string, followee: string): Promise<boolean> {
    const pair = { follower, followee };
    const bucket = bucketOf(follower);
    const first = (shard: number) => begin(this.#shards.db(shard), pair);
    if ((await ShardTransaction.current()?.shard()) === undefined) {
      const state = await this.#shards.writeApart(bucket, first);
      return state === 'done' || (await this.finish(pair)) === 'done';
    }
    await this.#shards.write(bucket, first);
    await afterCommit(() =>
      this.finish(pair).then(
        () => {},
        (error: unknown) =>
          this.#logger.warn({ err: error, ...pair }, 'a follow is half done, and left to the recoverer'),
      ),
    );
    return true;
  }

  /** Does what is left of a saga that has begun, whoever began it. Rejects when a shard is out of reach: it stays begun. */
  async finish(pair: Pair): Promise<Outcome> {
    const bucket = bucketOf(pair.follower);
    const state = await this.#shards.read(bucket, (shard) => stateOf(this.#shards.db(shard), pair));
    if (state !== 'begun') return state ?? 'undone';
    const end = (await this.#addFollower(pair)) ? confirm : takeBack;
    return (await this.#shards.writeApart(bucket, (shard) => end(this.#shards.db(shard), pair))) ?? 'undone';
  }

  /**
   * Step 2. A member who is not there is given up: ids can be guessed, and of two who finish a saga one could find nobody, and
   * the other a moment later somebody.
   * @returns `false` when there is no such member, which is then so for ever.
   */
  #addFollower(pair: Pair): Promise<boolean> {
    return this.#shards.writeApart(bucketOf(pair.followee), async (shard) => {
      const db = this.#shards.db(shard);
      if (await insertFollower(db, pair)) return true;
      return !(await giveUp(db, pair.followee)) && insertFollower(db, pair);
    });
  }
}

const ADD_FOLLOWER = `INSERT INTO followers (followee_id, follower_id, created_at)
  SELECT id, ?::bigint, ?::bigint FROM users WHERE id = ? ON CONFLICT DO NOTHING`;
const NOTE_STEP = `INSERT INTO saga_steps (follower_id, followee_id, number, step, created_at)
  SELECT ?::bigint, ?::bigint, 1 + coalesce(max(number), 0), ?::text, ?::bigint FROM saga_steps
  WHERE follower_id = ? AND followee_id = ?`;

/** @returns Whether the row is there. */
async function insertFollower(db: SqlDatabase, { follower, followee }: Pair): Promise<boolean> {
  await coldQuery(db, db.dialect.raw(ADD_FOLLOWER, [follower, Date.now(), followee]));
  const row = { followee_id: followee, follower_id: follower };
  return (await coldQuery(db, db.dialect('followers').select('follower_id').where(row))).length > 0;
}

/** Step 1. @returns `'done'` when it was begun before and has ended, or is older than sagas are. */
async function begin(db: SqlDatabase, pair: Pair): Promise<State> {
  const row = { ...keysOf(pair), created_at: Date.now() };
  const insert = db.dialect('follows').insert(row).onConflict(['follower_id', 'followee_id']).ignore();
  const made = await coldQuery(db, insert.returning('follower_id'));
  if (made.length === 0) return (await stateOf(db, pair)) ?? 'done';
  await setState(db, pair, 'begun', 'follows row added');
  return 'begun';
}

/** Step 3. */
async function confirm(db: SqlDatabase, pair: Pair): Promise<Outcome | undefined> {
  const state = await lockedState(db, pair);
  if (state !== 'begun') return state;
  await setState(db, pair, 'done', 'followers row is there');
  return 'done';
}

/** Step 3 where step 2 was refused: takes step 1 back. */
async function takeBack(db: SqlDatabase, pair: Pair): Promise<Outcome | undefined> {
  const state = await lockedState(db, pair);
  if (state !== 'begun') return state;
  await coldQuery(db, db.dialect('follows').where(keysOf(pair)).delete());
  await setState(db, pair, 'undone', 'no such member: follows row taken back');
  return 'undone';
}

async function stateOf(db: SqlDatabase, pair: Pair): Promise<State | undefined> {
  const [row] = await coldQuery<{ state: State }>(db, db.dialect('follow_sagas').select('state').where(keysOf(pair)));
  return row?.state;
}

/** Of two who finish one saga, the second waits here, and finds it ended. */
async function lockedState(db: SqlDatabase, pair: Pair): Promise<State | undefined> {
  const query = db.dialect('follow_sagas').select('state').where(keysOf(pair)).forUpdate();
  return (await coldQuery<{ state: State }>(db, query))[0]?.state;
}

async function setState(db: SqlDatabase, pair: Pair, state: State, step: string): Promise<void> {
  const { follower, followee } = pair;
  const row = { ...keysOf(pair), state, touched_at: Date.now() };
  await coldQuery(db, db.dialect('follow_sagas').insert(row).onConflict(['follower_id', 'followee_id']).merge());
  await coldQuery(db, db.dialect.raw(NOTE_STEP, [follower, followee, step, Date.now(), follower, followee]));
}

function keysOf({ follower, followee }: Pair) {
  return { follower_id: follower, followee_id: followee };
}
