/** How a table is told apart by bucket. */
export interface ShardTable {
  name: string;
  /** The bucket of a row `t`, as SQL. */
  bucketOf: (t: string) => string;
  /** What picks a bucket's rows by an index; `$1` is the bucket. */
  inBucket: string;
  key: readonly string[];
}

/** Last 10 bits of an id. */
const bits = (column: string) => (t: string) => `(${t}.${column} & 1023)::int`;
/** One index on members serves for all that is theirs, whose own keys begin with the member. */
const ofMembers = (column: string) => `${column} IN (SELECT id FROM users WHERE (id & 1023) = $1)`;

/** The tables that are divided, those first that others refer to. */
export const SHARD_TABLES: readonly ShardTable[] = [
  { name: 'users', bucketOf: bits('id'), inBucket: '(id & 1023) = $1', key: ['id'] },
  { name: 'posts', bucketOf: bits('author_id'), inBucket: ofMembers('author_id'), key: ['id'] },
  ...['follows', 'follow_sagas'].map((name) => ({
    name,
    bucketOf: bits('follower_id'),
    inBucket: ofMembers('follower_id'),
    key: ['follower_id', 'followee_id'],
  })),
  {
    name: 'followers',
    bucketOf: bits('followee_id'),
    inBucket: ofMembers('followee_id'),
    key: ['followee_id', 'follower_id'],
  },
  {
    name: 'saga_steps',
    bucketOf: bits('follower_id'),
    inBucket: ofMembers('follower_id'),
    key: ['follower_id', 'followee_id', 'number'],
  },
  { name: 'recommendations', bucketOf: bits('user_id'), inBucket: ofMembers('user_id'), key: ['user_id', 'rank'] },
  { name: 'idempotency_keys', bucketOf: bits('user_id'), inBucket: ofMembers('user_id'), key: ['user_id', 'key'] },
  { name: 'given_up', bucketOf: bits('id'), inBucket: '(id & 1023) = $1', key: ['id'] },
  { name: 'emails', bucketOf: (t) => `${t}.bucket`, inBucket: 'bucket = $1', key: ['bucket', 'hash'] },
];
