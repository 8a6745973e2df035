import { createHash } from 'node:crypto';

/**
 * Into so many parts everything is divided, for ever: a power of two, so that an id shows its part by its last bits, and
 * many times more than there will ever be shards. A shard more means that some buckets move to it; nothing is divided anew.
 */
export const BUCKETS = 1024;

/** The bucket of a member or of what is theirs: the last 10 bits of an id. */
export function bucketOf(id: string): number {
  return Number(BigInt(id) & BigInt(BUCKETS - 1));
}

/**
 * The place of an e-mail address in the directory of addresses, which is divided like all the rest: two members who ask for
 * one address meet in one bucket, wherever they themselves are.
 */
export function placeOfEmail(email: string): { bucket: number; hash: Buffer } {
  const hash = createHash('sha256').update(email).digest();
  return { bucket: hash.readUInt16BE(0) & (BUCKETS - 1), hash };
}
