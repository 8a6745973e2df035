import type { UserId } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';

/** Who may look behind the scenes. */
export interface Admins {
  has(id: UserId): Promise<boolean>;
}

/** Admins as the database names them. No app can make one: its role may read that table and nothing else. */
export function sqlAdmins(db: SqlDatabase): Admins {
  const find = hotStatement<{ id: string }, { user_id: string }>(db, 'find-admin', (dialect, $) =>
    dialect('admins').select('user_id').where('user_id', $('id')),
  );
  return { has: async (id) => (await find({ id })).length > 0 };
}
