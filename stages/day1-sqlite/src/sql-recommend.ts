import { type Recommend, transaction } from '@day90/core';
import { coldQuery, hotStatement, type SqlDatabase } from './sql-database.ts';

const KEPT = 20;

/** Friends of friends on a SQL database: two steps over the graph for each member, however many that touches. */
export function sqlRecommend(db: SqlDatabase): Recommend {
  const friendsOfFriends = hotStatement<{ id: string; limit: number }, { id: number | string }>(
    db,
    'friends-of-friends',
    (dialect, $) =>
      dialect('follows as mine')
        .join('follows as theirs', 'theirs.follower_id', 'mine.followee_id')
        .select('theirs.followee_id as id')
        .where('mine.follower_id', $('id'))
        .whereNot('theirs.followee_id', $('id'))
        .whereNotIn('theirs.followee_id', (known) =>
          known.select('followee_id').from('follows').where('follower_id', $('id')),
        )
        .groupBy('theirs.followee_id')
        .orderByRaw('count(*) desc, theirs.followee_id')
        .limit($('limit')),
  );
  return async (id) => {
    const found = await friendsOfFriends({ id, limit: KEPT }); // slow, so not while holding the only writer
    await transaction(async () => {
      // Written over, not deleted and inserted: of two at once, the second can't see the rows of the first to delete them.
      const rows = found.map((other, index) => ({ user_id: id, rank: index + 1, recommended_id: other.id }));
      const list = db.dialect('recommendations');
      if (rows.length > 0) await coldQuery(db, list.clone().insert(rows).onConflict(['user_id', 'rank']).merge());
      await coldQuery(db, list.clone().where({ user_id: id }).andWhere('rank', '>', rows.length).delete());
    });
  };
}
