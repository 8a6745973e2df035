import { coldQuery, type SqlDatabase } from 'stage-1';

/** First key of the advisory locks of ids that are decided; the second one is a hash of the id. */
const ID_LOCKS = 92;

/**
 * What decides an id for ever: it becomes a member's, or it is given up, whichever comes first. Somebody who does not find a
 * member can't know whether one is about to be stored, by a process that is slow, or stands still; giving the id up makes sure
 * that none is. Both take one lock, so that each sees what the other has done.
 */
export const givenUpSchema: readonly string[] = [
  'CREATE TABLE given_up (id bigint PRIMARY KEY)',
  'CREATE INDEX given_up_by_bucket ON given_up ((id & 1023))',
  // The bucket first, as a member's row does: in the other order the two could wait for each other, and for who moves it.
  `CREATE FUNCTION give_up(member bigint) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM hold_bucket((member & 1023)::int, 'given_up', jsonb_build_object('id', member::text));
      PERFORM pg_advisory_xact_lock(${ID_LOCKS}, hashint8(member));
      IF EXISTS (SELECT FROM users WHERE id = member) THEN
        RETURN false;
      END IF;
      INSERT INTO given_up (id) VALUES (member) ON CONFLICT DO NOTHING;
      RETURN true;
    END $$`,
  `CREATE FUNCTION refuse_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(${ID_LOCKS}, hashint8(NEW.id));
      IF EXISTS (SELECT FROM given_up WHERE id = NEW.id) THEN
        RETURN NULL;
      END IF;
      RETURN NEW;
    END $$`,
  // After the trigger "guard", by the order of their names.
  `CREATE TRIGGER refuse_given_up BEFORE INSERT ON users
    FOR EACH ROW WHEN (current_user = 'day90_app') EXECUTE FUNCTION refuse_given_up()`,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON given_up TO day90_app',
];

/**
 * Makes sure that an id which no member has will never be one's: an insert of it does nothing from here on.
 * @returns `false` when a member has it.
 */
export async function giveUp(db: SqlDatabase, id: string): Promise<boolean> {
  const [row] = await coldQuery<{ given_up: boolean }>(
    db,
    db.dialect.raw('SELECT give_up(?::bigint) AS given_up', [id]),
  );
  return row?.given_up === true;
}
