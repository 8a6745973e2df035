import { randomUUID } from 'node:crypto';
import { runInBackground, transaction } from '@day90/core';
import { eventually } from '@day90/testing';
import { describe, expect, it } from '@jest/globals';
import { sqlUsers } from 'stage-1';
import { ask, queueOfThisFile, wholeWay } from './queue-rig.ts';

const file = queueOfThisFile('meets', { databases: 2, lag: '5s' });

/* 6×4 */
describe('recommendations, with a replica five seconds behind', () => {
  it('are there for a member whom the replica does not know yet', async () => {
    const { db, jobs } = await wholeWay(file);
    const users = sqlUsers(db);
    const id = await runInBackground(db.transactor, () =>
      transaction(async () => {
        const user = await users.create({ name: 'Ada', email: `${randomUUID()}@day90.test`, passwordHash: 'none' });
        await users.follow(user?.id ?? '', '1');
        await jobs.enqueue({ name: 'recommendations', userId: user?.id ?? '' });
        return user?.id ?? '';
      }),
    );
    const count = async () => {
      const [row] = await ask<{ count: string }>(db, 'SELECT count(*) FROM recommendations WHERE user_id = $1', [id]);
      return Number(row?.count);
    };
    expect(await eventually(count, (found) => found > 0, 15_000)).toBeGreaterThan(0);
  });
});
