import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { type Books, readBooks } from '../drills/books.ts';
import { DRILL_PROFILE } from '../drills/drill-profile.ts';
import { topology as inline } from '../src/inline-enqueue/topology.ts';
import { topology } from '../src/topology.ts';
import { killAllOver, type Ledger } from './nothing-lost/kill-all-over.ts';
import { settled } from './nothing-lost/settled.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const KILLS = 20;

/** People sign up while worker, relay and queue are killed, over and over; then everybody is looked for. */
export const nothingLost: MeasuredClaim = {
  kind: 'measured',
  id: 'nothing-lost',
  title: 'Worker, relay and queue are killed again and again: everybody has their mail, and nothing was done twice',
  proves: ['C21', 'T11'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 210,
  quickSeconds: 90,
  measure,
};

/** What was promised on one arm, and what came of it. */
interface Kept {
  ledger: Ledger;
  books: Books;
}

function measure(context: MeasureContext): Promise<Measurement> {
  const shared = { folder: FOLDER, budgets: false };
  const { relay: _none, ...profile } = DRILL_PROFILE;
  const wanted = [
    { name: 'inline', topology: inline, ...shared, env: profile },
    { name: 'outbox', topology, ...shared, env: DRILL_PROFILE },
  ];
  const kills = context.quick ? 6 : KILLS;
  return withInstances(context, wanted, async ([before, after]) => {
    if (!before || !after) throw new Error('both arms are needed');
    const done = [0, 0];
    const keep = async (instance: Instance, arm: 0 | 1): Promise<Kept> => {
      const ledger = await killAllOver(instance, kills, context.signal, async (share) => {
        done[arm] = share;
        await context.progress((0.8 * ((done[0] as number) + (done[1] as number))) / 2);
      });
      await settled(instance, context.signal);
      return { ledger, books: await readBooks({ instance }, ledger.acked) };
    };
    const [ofInline, ofOutbox] = await Promise.all([keep(before, 0), keep(after, 1)]);
    return { ...summarize(context, ofInline, ofOutbox), budgets: 'none' as const };
  });
}

function summarize({ judged }: MeasureContext, before: Kept, after: Kept): Measurement {
  const complete = ({ books }: Kept) => Math.max(1, books.signups - books.mailless);
  const offered = before.ledger.sent + after.ledger.sent;
  const answered = before.books.signups + after.books.signups;
  const zero = (name: string, of: keyof Books) => ({
    name,
    ...{ before: before.books[of], after: after.books[of] },
    ...(judged && { goal: { op: '=' as const, value: 0, met: after.books[of] === 0 } }),
  });
  return {
    metric: 'members who have their mail',
    unit: 'count',
    comparison: {
      ...exactComparison(complete(after), complete(before)),
      ...{ before: complete(before), after: complete(after), moreIsBetter: true },
    },
    arms: [
      { name: 'before', label: 'stage-6, start:inline-enqueue' },
      { name: 'after', label: 'stage-6' },
    ],
    counts: [
      zero(`members without a mail, of ${before.books.signups} and ${after.books.signups}`, 'mailless'),
      zero('members for whom no recommendations were computed', 'withoutFriends'),
      zero('jobs whose effect in the database is there twice', 'doubled'),
      zero('members with mails of two Message-IDs', 'twoIds'),
      {
        name: 'mails that came once more, under the Message-ID they had',
        before: before.books.again,
        after: after.books.again,
      },
    ],
    values: [measuredValue('mails under way at the kills: as many may come once more', 'count', after.ledger.underWay)],
    accounting: { offered, answered, refused: offered - answered, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${after.ledger.kills} times kill -9, by turns of the worker, the relay (of the queue once more where there is none) and the Redis of the queues, while four people a second sign up, on both arms at once. Each is started again at once.`,
      'A kill of Redis takes the last second of its append-only file along, which `appendfsync everysec` promises no more than: the file is cut back to the length it had a second before. A process that is killed would have lost nothing that it had handed to the system.',
      'Jobs of a dead worker are missed after 4 s, unfinished ones handed over again after 3 s. No budgets. Counts, not times.',
    ],
    ...(after.books.again > after.ledger.underWay && {
      voidBecause: ['more mails came twice than were under way at the kills'],
    }),
  };
}
