import { randomUUID } from 'node:crypto';
import type { Job, Mail } from '@day90/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SqlDatabase } from 'stage-1';
import { jobDoer } from 'stage-6';
import { logger, queueOfThisFile } from '../test/queue-rig.ts';

const HOUR_MS = 3_600_000;
const WELCOME: Job = { name: 'welcome-mail', to: 'ada@day90.test', userName: 'Ada' };

const file = queueOfThisFile('learn');
let db: SqlDatabase;
let sent: Mail[] = [];
let recommended: string[] = [];
beforeAll(async () => {
  db = await file.database();
}, 120_000);
beforeEach(() => {
  [sent, recommended] = [[], []];
});

/** Does a job that was asked for so long ago. */
async function outcomeOf(job: Job, ageMs: number, id: string = randomUUID()): Promise<string> {
  const doJob = jobDoer({
    ...{ db, logger, mailDomain: 'day90.test' },
    mailer: { send: async (mail) => void sent.push(mail) },
    recommend: async (userId) => void recommended.push(userId),
  });
  return doJob(id, { job, requestId: 'r', createdAt: Date.now() - ageMs }, Date.now());
}

describe('a job that comes late', () => {
  it('is a mail of an hour ago, and is sent', async () => {
    expect(await outcomeOf(WELCOME, HOUR_MS)).toBe('done');
    expect(sent).toHaveLength(1);
  });

  it.each<Job>([WELCOME, { name: 'account-exists-mail', to: 'ada@day90.test' }])(
    'is a mail of two days ago, and is not sent: $name',
    async (job) => {
      expect(await outcomeOf(job, 48 * HOUR_MS)).toBe('expired');
      expect(sent).toEqual([]);
    },
  );

  it('is no mail, and is done', async () => {
    expect(await outcomeOf({ name: 'recommendations', userId: '1' }, 48 * HOUR_MS)).toBe('done');
    expect(recommended).toEqual(['1']);
  });

  it('is over once it has expired: delivered again, nothing is sent either', async () => {
    const id = randomUUID();
    await outcomeOf(WELCOME, 48 * HOUR_MS, id);
    expect(await outcomeOf(WELCOME, HOUR_MS, id)).toBe('was done');
    expect(sent).toEqual([]);
  });
});
