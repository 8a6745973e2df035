import { type Account, Json, type User, type Users } from '@day90/core';
import { coldQuery, hotStatement, type SqlDatabase } from './sql-database.ts';

interface UserRow {
  id: number | string;
  name: string;
  avatar_url: string;
  created_at: number | string;
}

type AccountRow = UserRow & { email: string; password_hash: string };

const PUBLIC_COLUMNS = ['users.id', 'users.name', 'users.avatar_url', 'users.created_at'];
const AVATARS = 16;

/** Members on a SQL database. */
export function sqlUsers(db: SqlDatabase): Users {
  const userById = hotStatement<{ id: string }, UserRow>(db, 'user-by-id', (dialect, $) =>
    dialect('users').select(PUBLIC_COLUMNS).where('id', $('id')),
  );
  const accountByEmail = hotStatement<{ email: string }, AccountRow>(db, 'account-by-email', (dialect, $) =>
    dialect('users').select(PUBLIC_COLUMNS).select('email', 'password_hash').where('email', $('email')),
  );
  const recommended = hotStatement<{ id: string }, UserRow>(db, 'recommendations', (dialect, $) =>
    dialect('recommendations')
      .join('users', 'users.id', 'recommendations.recommended_id')
      .select(PUBLIC_COLUMNS)
      .where('recommendations.user_id', $('id'))
      .orderBy('recommendations.rank'),
  );

  return {
    async findById(id) {
      const [row] = await userById({ id });
      return row && Json.of(toUser(row));
    },
    async findByEmail(email) {
      const [row] = await accountByEmail({ email });
      return row && toAccount(row);
    },
    async create({ name, email, passwordHash }) {
      const avatar = 1 + Math.floor(Math.random() * AVATARS);
      const [row] = await coldQuery<UserRow>(
        db,
        db
          .dialect('users')
          .insert({
            name,
            email,
            password_hash: passwordHash,
            avatar_url: `/static/avatars/${avatar}.svg`,
            created_at: Date.now(),
          })
          .onConflict()
          .ignore()
          .returning(['id', 'name', 'avatar_url', 'created_at']),
      );
      return row && toUser(row);
    },
    async follow(follower, followee) {
      const [there] = await userById({ id: followee });
      if (!there) return false;
      await coldQuery(
        db,
        db
          .dialect('follows')
          .insert({ follower_id: follower, followee_id: followee, created_at: Date.now() })
          .onConflict(['follower_id', 'followee_id'])
          .ignore(),
      );
      return true;
    },
    async recommendations(id) {
      return Json.of({ items: (await recommended({ id })).map(toUser), next: null });
    },
    async setPasswordHash(id, passwordHash) {
      await coldQuery(db, db.dialect('users').where({ id }).update({ password_hash: passwordHash }));
    },
  };
}

/** The public shape of a row. */
function toUser(row: UserRow): User {
  return {
    id: String(row.id),
    name: row.name,
    avatarUrl: row.avatar_url,
    createdAt: new Date(Number(row.created_at)).toISOString(),
  };
}

function toAccount(row: AccountRow): Account {
  return { user: toUser(row), email: row.email, passwordHash: row.password_hash };
}
