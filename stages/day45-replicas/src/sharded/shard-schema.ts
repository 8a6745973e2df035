import { givenUpSchema } from './given-up.ts';
import { handoverSchema } from './handovers.ts';
import { SHARD_TABLES, type ShardTable } from './shard-tables.ts';

/** SQLSTATE by which a shard says that it has not got a bucket; a class of our own, which no standard uses. */
export const ELSEWHERE = 'D9001';
/** First key of the advisory locks of buckets; the second one is the bucket. */
export const BUCKET_LOCKS = 90;

/**
 * What makes a database with the usual tables into a shard, in order, as its owner.
 *
 * A shard itself knows which buckets it has, and it alone is believed. Policies hide all other rows from the app's role, and
 * triggers refuse its writes to them, in the transaction of the write: a process with an old map reads nothing where a bucket
 * was, and can write nothing there. The owner, who moves buckets, is bound by neither.
 */
export const shardSchema: readonly string[] = [
  // What pictures and jobs need belongs to no bucket, and would hold members back from moving by its foreign keys.
  'DROP TABLE admins, images, pending_images, outbox, job_effects',
  'DROP FUNCTION ring_outbox',
  // A bucket's members may follow, and be recommended, those of others: no foreign key reaches another database.
  'ALTER TABLE follows DROP CONSTRAINT follows_followee_id_foreign',
  'ALTER TABLE recommendations DROP CONSTRAINT recommendations_recommended_id_foreign',
  // Ids are made before the row is stored; one that was forgotten must not come from here.
  ...['users', 'posts'].map((table) => `ALTER TABLE ${table} ALTER COLUMN id DROP DEFAULT`),
  // Unique within a shard means nothing: the table `emails` is what is unique among all.
  'ALTER TABLE users DROP CONSTRAINT IF EXISTS users_by_email',
  'DROP INDEX IF EXISTS users_by_email',
  'CREATE INDEX users_by_bucket ON users ((id & 1023))',
  `CREATE TABLE emails (
    bucket int NOT NULL, hash bytea NOT NULL, user_id bigint NOT NULL,
    confirmed boolean NOT NULL DEFAULT false, created_at bigint NOT NULL, PRIMARY KEY (bucket, hash))`,
  `CREATE TABLE followers (
    followee_id bigint NOT NULL REFERENCES users (id), follower_id bigint NOT NULL, created_at bigint NOT NULL,
    PRIMARY KEY (followee_id, follower_id))`,
  `CREATE TABLE follow_sagas (
    follower_id bigint NOT NULL REFERENCES users (id), followee_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('begun', 'done', 'undone')), touched_at bigint NOT NULL,
    PRIMARY KEY (follower_id, followee_id))`,
  `CREATE INDEX follow_sagas_unfinished ON follow_sagas (touched_at) WHERE state = 'begun'`,
  `CREATE TABLE saga_steps (
    follower_id bigint NOT NULL REFERENCES users (id), followee_id bigint NOT NULL,
    number int NOT NULL, step text NOT NULL, created_at bigint NOT NULL,
    PRIMARY KEY (follower_id, followee_id, number))`,
  // One row. A bit for each bucket, so that a policy looks it up once a query, and then asks it for a bit a row.
  `CREATE TABLE ownership (
    single boolean PRIMARY KEY DEFAULT true CHECK (single), owned bit(1024) NOT NULL, version bigint NOT NULL, moving int)`,
  `INSERT INTO ownership (owned, version) VALUES (repeat('0', 1024)::bit(1024), 1)`,
  // What was written to a bucket while it is copied to another shard.
  'CREATE TABLE bucket_changes (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tab text NOT NULL, key jsonb NOT NULL)',
  // The directory: these two are used on shard 1 alone, and are everywhere so that all shards are alike.
  `CREATE TABLE bucket_map (
    single boolean PRIMARY KEY DEFAULT true CHECK (single), format int NOT NULL, version bigint NOT NULL,
    shard_of smallint[] NOT NULL, changed_at bigint[] NOT NULL)`,
  'CREATE TABLE moves (bucket int PRIMARY KEY, from_shard int NOT NULL, to_shard int NOT NULL, done boolean NOT NULL DEFAULT false)',
  holdBucket(),
  ...givenUpSchema,
  ...handoverSchema,
  ...SHARD_TABLES.flatMap(guardOf),
  'GRANT SELECT ON ownership, bucket_map TO day90_app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON emails, followers, follow_sagas, saga_steps TO day90_app',
];

/**
 * Lets a write to a bucket through, or refuses it. The lock is shared with all other writers and lasts until the end of the
 * transaction: whoever moves the bucket takes it alone, and so waits for the writes under way and holds up new ones. What is
 * owned is looked at once the lock is had: in a function of this kind each statement sees what is committed by then.
 * @see https://www.postgresql.org/docs/18/xfunc-volatility.html
 */
function holdBucket(): string {
  return `CREATE FUNCTION hold_bucket(bucket int, tab text, key jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE now ownership;
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(${BUCKET_LOCKS}, bucket);
      SELECT * INTO now FROM ownership;
      IF get_bit(now.owned, bucket) = 0 THEN
        RAISE EXCEPTION 'bucket % is on another shard', bucket USING ERRCODE = '${ELSEWHERE}';
      END IF;
      IF now.moving = bucket THEN
        INSERT INTO bucket_changes (tab, key) VALUES (tab, key);
      END IF;
    END $$`;
}

/**
 * The policy and the trigger of one table. `<> 0` and not `= 1`: of an equality the planner thinks that one row in 200 fits, and
 * sorts all posts for a page rather than enter their index.
 */
function guardOf({ name, bucketOf, key }: ShardTable): string[] {
  const keyOf = (row: string) => `jsonb_build_object(${key.map((column) => `'${column}', ${textOf(row, column)}`)})`;
  const hold = (row: string) => `PERFORM hold_bucket(${bucketOf(row)}, '${name}', ${keyOf(row)})`;
  return [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY owned ON ${name} USING (get_bit((SELECT owned FROM ownership), ${bucketOf(name)}) <> 0) WITH CHECK (true)`,
    `CREATE FUNCTION guard_${name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        ${hold('OLD')};
        RETURN OLD;
      END IF;
      ${hold('NEW')};
      RETURN NEW;
    END $$`,
    `CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON ${name}
      FOR EACH ROW WHEN (current_user = 'day90_app') EXECUTE FUNCTION guard_${name}()`,
  ];
}

/** As text: a JSON number would lose what a bigint holds, and bytes have no other way. */
function textOf(row: string, column: string): string {
  return `${row}.${column}::text`;
}
