import { coldQuery, hotStatement, type SqlDatabase } from 'stage-1';
import { bucketOf, placeOfEmail } from './buckets.ts';
import { giveUp } from './given-up.ts';
import { perShard } from './per-shard.ts';
import type { ShardSet } from './shard-set.ts';

/** So long nobody asks whether a signup has stopped on its way: a second one of the same address would only get in its way. */
const RESERVED_MS = 15_000;

interface EmailRow {
  user_id: string;
  confirmed: boolean;
  created_at: string;
}

interface Reservation {
  userId: string;
  confirmed: boolean;
  /** Milliseconds since 1970. */
  since: number;
}

/**
 * Which member has which address: what makes an address unique among all shards, since no index can. An address is in a bucket
 * of its own, by its hash, and holds an id only. It is reserved before the member is stored, and confirmed afterwards. Of one
 * that stays unconfirmed the member's own shard knows whether it is theirs; where there is no member, their id is given up
 * before the address is another's, since who reserved it may be dead, or no more than slow.
 */
export class Emails {
  readonly #shards: ShardSet;
  readonly #find;

  constructor(shards: ShardSet) {
    this.#shards = shards;
    this.#find = perShard((shard) => findIn(shards.db(shard)));
  }

  /** The member who has an address, or is about to. */
  async find(email: string): Promise<Reservation | undefined> {
    const { bucket, hash } = placeOfEmail(email);
    const row = await this.#shards.read(bucket, async (shard) => (await this.#find(shard)({ bucket, hash }))[0]);
    return row && { userId: row.user_id, confirmed: row.confirmed, since: Number(row.created_at) };
  }

  /**
   * Reserves an address for a member to be.
   * @returns `false` when it is another one's.
   */
  async reserve(email: string, userId: string): Promise<boolean> {
    if (await this.#insert(email, userId)) return true;
    const other = await this.find(email);
    const left = other && !other.confirmed && other.since < Date.now() - RESERVED_MS;
    return left === true && (await this.#takeBack(email, other.userId)) && this.#insert(email, userId);
  }

  /** The member is stored: the address is theirs for good. Again is no change. */
  async confirm(email: string, userId: string): Promise<void> {
    const { bucket, hash } = placeOfEmail(email);
    await this.#shards.writeApart(bucket, (shard) => {
      const db = this.#shards.db(shard);
      return coldQuery(
        db,
        db.dialect('emails').where({ bucket, hash, user_id: userId }).update({ confirmed: true }, ['bucket']),
      );
    });
  }

  /** Gives back what was reserved for a member who was not stored in the end. */
  async release(email: string, userId: string): Promise<void> {
    const { bucket, hash } = placeOfEmail(email);
    await this.#shards.writeApart(bucket, (shard) => {
      const db = this.#shards.db(shard);
      const row = { bucket, hash, user_id: userId, confirmed: false };
      return coldQuery(db, db.dialect('emails').where(row).delete(['bucket']));
    });
  }

  async #insert(email: string, userId: string): Promise<boolean> {
    const { bucket, hash } = placeOfEmail(email);
    const made = await this.#shards.writeApart(bucket, (shard) => {
      const db = this.#shards.db(shard);
      const row = { bucket, hash, user_id: userId, created_at: Date.now() };
      return coldQuery(
        db,
        db.dialect('emails').insert(row).onConflict(['bucket', 'hash']).ignore().returning('bucket'),
      );
    });
    return made.length > 0;
  }

  /** Finishes what a process has left behind between the two halves. @returns Whether the address is free now. */
  async #takeBack(email: string, userId: string): Promise<boolean> {
    const given = await this.#shards.writeApart(bucketOf(userId), (shard) => giveUp(this.#shards.db(shard), userId));
    await (given ? this.release(email, userId) : this.confirm(email, userId));
    return given;
  }
}

function findIn(db: SqlDatabase) {
  return hotStatement<{ bucket: number; hash: Buffer }, EmailRow>(db, 'email', (dialect, $) =>
    dialect('emails')
      .select('user_id', 'confirmed', 'created_at')
      .where({ bucket: $('bucket'), hash: $('hash') }),
  );
}
