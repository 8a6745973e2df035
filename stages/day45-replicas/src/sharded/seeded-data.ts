import { follows, type PostRow, posts, type Scale, users } from '@day90/testing/data';
import { BUCKETS, bucketOf, placeOfEmail } from './buckets.ts';
import { composeId } from './ids.ts';

/** Odd, so that neighbours are far from each other, and each 1,024 members are in 1,024 buckets. */
const SCATTER = 389;
/** The worker of no app. */
const LOADER = 0;

/** Rows of the seeded data for one shard, with ids that show their bucket. */
export interface ShardRows {
  users(): Iterable<object>;
  emails(): Iterable<object>;
  posts(): Iterable<object>;
  follows(): Iterable<object>;
  followers(): Iterable<object>;
}

/** The id of each seeded member, from the number they have in all other stages; there is none at 0. */
export function seededMembers(scale: Scale): string[] {
  const next = idsOfTimes();
  return ['', ...[...users(scale)].map(({ id, createdAt }) => next(createdAt, (id * SCATTER) % BUCKETS))];
}

/** The id of each seeded post, likewise. */
export function seededPosts(scale: Scale, memberIds: readonly string[]): string[] {
  const next = idsOfTimes();
  const idOf = ({ authorId, createdAt }: PostRow) => next(createdAt, bucketOf(memberIds[authorId] as string));
  return ['', ...[...posts(scale)].map(idOf)];
}

/**
 * The seeded data as the other stages have it, for the buckets of one shard; the same on every machine.
 * @param memberIds - Of {@link seededMembers}, made once for all shards.
 */
export function seededRows(scale: Scale, memberIds: readonly string[], isHere: (bucket: number) => boolean): ShardRows {
  const member = (number: number) => memberIds[number] as string;
  const has = (id: string) => isHere(bucketOf(id));
  return {
    *users() {
      for (const { id, ...row } of users(scale)) if (has(member(id))) yield { id: member(id), ...row };
    },
    *emails() {
      for (const { id, email, createdAt } of users(scale)) {
        const { bucket, hash } = placeOfEmail(email);
        const row = { bucket, hash: `\\x${hash.toString('hex')}`, userId: member(id), confirmed: true, createdAt };
        if (isHere(bucket)) yield row;
      }
    },
    *posts() {
      const next = idsOfTimes();
      for (const row of posts(scale)) {
        const authorId = member(row.authorId);
        const id = next(row.createdAt, bucketOf(authorId)); // made for every post, or their sequence would depend on the shard
        if (has(authorId)) yield { ...row, id, authorId };
      }
    },
    *follows() {
      for (const row of numbered(scale, member)) if (has(row.followerId)) yield row;
    },
    *followers() {
      for (const row of numbered(scale, member)) if (has(row.followeeId)) yield row;
    },
  };
}

function* numbered(scale: Scale, member: (number: number) => string) {
  for (const { followerId, followeeId, createdAt } of follows(scale))
    yield { followerId: member(followerId), followeeId: member(followeeId), createdAt };
}

/** Makes ids of moments that never go back. */
function idsOfTimes(): (ms: number, bucket: number) => string {
  let last = -1;
  let sequence = 0;
  return (ms, bucket) => {
    sequence = ms === last ? sequence + 1 : 0;
    last = ms;
    return composeId({ ms, sequence, worker: LOADER, bucket });
  };
}
