import { randomUUID } from 'node:crypto';
import { createLogger, type Job, type Mail } from '@day90/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SqlDatabase } from 'stage-1';
import { jobDoer } from 'stage-6';
import { ask, logger, queueOfThisFile } from './queue-rig.ts';

const file = queueOfThisFile('do-job');
const MAIL: Job = { name: 'welcome-mail', to: 'ada@day90.test', userName: 'Ada' };
const GRAPH: Job = { name: 'recommendations', userId: '1' };
/** A post whose views the test's own effect counts. */
const COUNTER = '1';

let db: SqlDatabase;
let sent: Mail[];
beforeAll(async () => {
  db = await file.database();
}, 120_000);

/** A worker's hands, with an effect in the database that can be counted. `trouble` throws where something goes wrong. */
function hands(trouble: { before?: () => void; after?: () => void } = {}, log = logger) {
  const doJob = jobDoer({
    ...{ db, logger: log, mailDomain: 'day90.test' },
    mailer: {
      async send(mail) {
        trouble.before?.();
        sent.push(mail);
        trouble.after?.();
      },
    },
    recommend: async () => {
      trouble.before?.();
      await db.run({ sql: 'UPDATE posts SET views = views + 1 WHERE id = $1', values: [COUNTER] });
      trouble.after?.();
    },
  });
  return (id: string, data: unknown) => doJob(id, data, Date.now());
}

const delivery = (job: Job) => ({ job, requestId: 'r', createdAt: Date.now() });
const effects = async () => {
  const [row] = await ask<{ views: string }>(db, 'SELECT views FROM posts WHERE id = $1', [COUNTER]);
  return Number(row?.views);
};
const deliveries = fc.array(fc.constantFrom('before', 'after', 'well'), { minLength: 1, maxLength: 6 });
const trouble = (kind: 'before' | 'after' | 'well') => {
  const fail = () => {
    throw new Error(`went wrong ${kind} the effect`);
  };
  return kind === 'well' ? {} : { [kind]: fail };
};

describe('a job', () => {
  it('has one effect in the database, however often it is delivered, at once or after failures', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, deliveries, async (first, second) => {
        const id = randomUUID();
        const before = await effects();
        for (const round of [first, second, ['well' as const]])
          await Promise.allSettled(round.map((kind) => hands(trouble(kind))(id, delivery(GRAPH))));
        expect((await effects()) - before).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('sends mails of one Message-ID only, and none any more once it is known that one was sent', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (round) => {
        sent = [];
        const id = randomUUID();
        for (const kind of [...round, 'well' as const]) await hands(trouble(kind))(id, delivery(MAIL)).catch(() => {});
        const first = round.indexOf('well');
        const tries = first < 0 ? round : round.slice(0, first);
        expect(sent).toHaveLength(tries.filter((kind) => kind === 'after').length + 1);
        expect(new Set(sent.map(({ messageId }) => messageId))).toEqual(new Set([`<${id}@day90.test>`]));
      }),
      { numRuns: 60 },
    );
  });

  it('takes its row out of the outbox with its effect, and leaves it there without', async () => {
    sent = [];
    const ids = [randomUUID(), randomUUID()] as const;
    for (const id of ids)
      await ask(db, `INSERT INTO outbox (id, queue, job, request_id, created_at) VALUES ($1, 'mails', $2, 'r', $3)`, [
        id,
        JSON.stringify(MAIL),
        Date.now(),
      ]);
    await hands()(ids[0], delivery(MAIL));
    await expect(hands(trouble('before'))(ids[1], delivery(MAIL))).rejects.toThrow('went wrong');
    const left = await ask<{ id: string }>(db, 'SELECT id FROM outbox WHERE id = ANY(CAST($1 AS uuid[]))', [[...ids]]);
    expect(left.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('leaves a line with the request it follows from, and how long it was a row, in the queue, and at work', async () => {
    sent = [];
    const lines: Record<string, unknown>[] = [];
    const log = createLogger(
      { LOG_LEVEL: 'info', BOX: 'worker-1' },
      { write: (line) => void lines.push(JSON.parse(line)) },
    );
    const createdAt = Date.now() - 500;
    await hands({}, log)(randomUUID(), { ...delivery(MAIL), requestId: 'edge-7', createdAt });
    const [{ outboxMs, queueMs, ms, ...line } = {}] = lines;
    expect(line).toMatchObject({ msg: 'job', job: 'welcome-mail', outcome: 'done', requestId: 'edge-7' });
    expect(outboxMs).toBeGreaterThanOrEqual(500);
    for (const time of [queueMs, ms]) expect(time).toBeGreaterThanOrEqual(0);
  });
});
