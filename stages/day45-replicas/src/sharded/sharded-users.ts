import { type Account, afterCommit, Json, type Logger, type NewUser, type User, type Users } from '@day90/core';
import { coldQuery, hotStatement, type SqlDatabase, sqlUsers } from 'stage-1';
import { BUCKETS, bucketOf } from './buckets.ts';
import { Emails } from './emails.ts';
import type { FollowSaga } from './follow-saga.ts';
import { type Ids, partsOfId } from './ids.ts';
import { membersById } from './members-by-id.ts';
import { perShard } from './per-shard.ts';
import type { ShardSet } from './shard-set.ts';
import { ShardTransaction } from './shard-transaction.ts';

const AVATARS = 16;

interface Parts {
  ids: Ids;
  saga: FollowSaga;
  logger: Logger;
}

/** Members over several shards: each with all that is theirs in one bucket, chosen at random when they sign up. */
export function shardedUsers(shards: ShardSet, { ids, saga, logger }: Parts): Users {
  const own = perShard((shard) => sqlUsers(shards.db(shard)));
  const statements = perShard((shard) => accountStatements(shards.db(shard)));
  const emails = new Emails(shards);
  const members = membersById(shards);

  const findById = (id: string) => shards.read(bucketOf(id), (shard) => own(shard).findById(id));
  const account = (id: string): Promise<Account | undefined> =>
    shards.read(bucketOf(id), async (shard) => {
      const [row] = await statements(shard).account({ id });
      const user = row && (await own(shard).findById(id));
      return user && { user: user.value, email: row.email, passwordHash: row.password_hash };
    });

  return {
    findById,
    async findByEmail(email) {
      const found = await emails.find(email);
      return found && account(found.userId);
    },
    async create(user) {
      const bucket = Math.floor(Math.random() * BUCKETS);
      for (;;) {
        const id = ids.next(bucket);
        if (!(await emails.reserve(user.email, id))) return undefined;
        ShardTransaction.current()?.undo(() => emails.release(user.email, id));
        const stored = await store(shards, id, user);
        if (stored) {
          // Left undone, such as while its shard is away, it is done by whoever asks for the address next.
          await afterCommit(() =>
            emails
              .confirm(user.email, id)
              .catch((error: unknown) => logger.warn({ err: error }, 'an address stays unconfirmed')),
          );
          return stored;
        }
        await emails.release(user.email, id); // the id was given up: by whoever has the address now, or who guessed it
      }
    },
    follow: (follower, followee) => saga.follow(follower, followee),
    async recommendations(id) {
      const ranked = await shards.read(bucketOf(id), (shard) => statements(shard).recommended({ id }));
      return Json.of({ items: await members(ranked.map((row) => row.recommended_id)), next: null });
    },
    async setPasswordHash(id, passwordHash) {
      await shards.write(bucketOf(id), async (shard) => {
        const db = shards.db(shard);
        const update = db.dialect('users').where({ id }).update({ password_hash: passwordHash }).returning('id');
        return (await coldQuery(db, update))[0];
      });
    },
  };
}

/** @returns `undefined` when the id was given up meanwhile. */
async function store(shards: ShardSet, id: string, { name, email, passwordHash }: NewUser): Promise<User | undefined> {
  const createdAt = partsOfId(id).ms;
  const avatarUrl = `/static/avatars/${1 + Math.floor(Math.random() * AVATARS)}.svg`;
  const row = { id, name, email, password_hash: passwordHash, avatar_url: avatarUrl, created_at: createdAt };
  const stored = await shards.write(bucketOf(id), (shard) => {
    const db = shards.db(shard);
    return coldQuery(db, db.dialect('users').insert(row).returning('id'));
  });
  return stored.length > 0 ? { id, name, avatarUrl, createdAt: new Date(createdAt).toISOString() } : undefined;
}

function accountStatements(db: SqlDatabase) {
  return {
    account: hotStatement<{ id: string }, { email: string; password_hash: string }>(db, 'account', (dialect, $) =>
      dialect('users').select('email', 'password_hash').where('id', $('id')),
    ),
    recommended: hotStatement<{ id: string }, { recommended_id: string }>(db, 'recommended', (dialect, $) =>
      dialect('recommendations').select('recommended_id').where('user_id', $('id')).orderBy('rank'),
    ),
  };
}
