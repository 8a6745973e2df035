import { hotStatement, type SqlDatabase } from 'stage-1';

const statements = new WeakMap<SqlDatabase, (params: { bucket: number }) => Promise<{ owns: number }[]>>();

/** Asks a shard whether it has a bucket now. */
export async function ownsBucket(db: SqlDatabase, bucket: number): Promise<boolean> {
  let ask = statements.get(db);
  if (!ask) {
    ask = hotStatement(db, 'owns-bucket', (dialect, $) =>
      dialect.raw('SELECT get_bit(owned, ?::int) AS owns FROM ownership', [$('bucket')]),
    );
    statements.set(db, ask);
  }
  const [row] = await ask({ bucket });
  return row?.owns === 1;
}

/** What a statement leaves that has met no row: there is none, or it is hidden. */
export function hasNothing(result: unknown): boolean {
  return result === undefined || result === false || (Array.isArray(result) && result.length === 0);
}
