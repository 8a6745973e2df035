import { coldQuery, hotStatement, type SqlDatabase } from 'stage-1';
import { placeOfEmail } from './buckets.ts';
import { perShard } from './per-shard.ts';
import type { ShardSet } from './shard-set.ts';

/** So long nobody else may take an address that was reserved: longer than a signup can take. Milliseconds. */
const RESERVED_MS = 15_000;

interface EmailRow {
  user_id: string;
  confirmed: boolean;
  created_at: string;
}

/**
 * Which member has which address: what makes an address unique among all shards, since no index can. An address is in a bucket
 * of its own, by its hash, and holds an id only. It is reserved before the member is stored, and confirmed afterwards; of one
 * that stays unconfirmed, since the process died in between, the member's own shard knows whether it is theirs.
 */
export class Emails {
  readonly #shards: ShardSet;
  readonly #find;

  constructor(shards: ShardSet) {
    this.#shards = shards;
    this.#find = perShard((shard) => findIn(shards.db(shard)));
  }

  /** The member who has an address, or is about to. */
  async find(email: string): Promise<{ userId: string; confirmed: boolean } | undefined> {
    const { bucket, hash } = placeOfEmail(email);
    const row = await this.#shards.read(bucket, async (shard) => (await this.#find(shard)({ bucket, hash }))[0]);
    return row && { userId: row.user_id, confirmed: row.confirmed };
  }

  /**
   * Reserves an address for a member to be.
   * @param isThere - Whether a member is stored, asked about the one for whom it was reserved before.
   * @returns `false` when it is another one's.
   */
  async reserve(email: string, userId: string, isThere: (userId: string) => Promise<boolean>): Promise<boolean> {
    if (await this.#insert(email, userId)) return true;
    const other = await this.find(email);
    if (other && !other.confirmed && (await this.#isAbandoned(email, other.userId, isThere)))
      return this.#insert(email, userId);
    return false;
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

  /** Finishes what a process has left behind that died between the two halves. @returns Whether the address is free now. */
  async #isAbandoned(email: string, userId: string, isThere: (userId: string) => Promise<boolean>): Promise<boolean> {
    const { bucket, hash } = placeOfEmail(email);
    if (await isThere(userId)) {
      await this.confirm(email, userId);
      return false;
    }
    const gone = await this.#shards.writeApart(bucket, (shard) => {
      const db = this.#shards.db(shard);
      const reserved = db.dialect('emails').where({ bucket, hash, user_id: userId, confirmed: false });
      return coldQuery(
        db,
        reserved
          .andWhere('created_at', '<', Date.now() - RESERVED_MS)
          .delete()
          .returning('bucket'),
      );
    });
    return gone.length > 0;
  }
}

function findIn(db: SqlDatabase) {
  return hotStatement<{ bucket: number; hash: Buffer }, EmailRow>(db, 'email', (dialect, $) =>
    dialect('emails')
      .select('user_id', 'confirmed')
      .where({ bucket: $('bucket'), hash: $('hash') }),
  );
}
