import { fileURLToPath } from 'node:url';
import {
  comparisonOf,
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
} from '@day90/bench';
import type { BurstAnswer } from './stampede/burst.ts';
import {
  BLOCK_SECONDS,
  latencies,
  measureRenewals,
  RATE,
  type Renewals,
  SHORT_LIFE_SECONDS,
} from './stampede/renewals.ts';
import { READERS, type Round, startTwoApps } from './stampede/rounds.ts';
import { topology, unprotected } from './stampede/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Longest time that a reader may wait beyond the load, in milliseconds. */
const LONGEST_MS = 20;
const COUNT = `queries for ${READERS.toLocaleString('en')} readers of one expired key, most of any round`;

/** Lets the key of the popular page expire under a thousand readers, and under steady ones. */
export const stampede: MeasuredClaim = {
  kind: 'measured',
  id: 'stampede',
  title:
    'A thousand readers of one expired key are one load, over two app processes, and a due entry is renewed unnoticed',
  proves: ['T3'],
  scale: 'medium',
  seconds: 80,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const unguarded = await rounds(context, 'unprotected', context.quick ? 1 : 2);
  await context.progress(0.2);
  const steady = await startTwoApps(topology, context, { name: 'steady', folder: FOLDER });
  try {
    const guarded: Round[] = [];
    for (let i = 0; i < (context.quick ? 10 : 24); i += 1) {
      guarded.push(await steady.round('popular'));
      await context.progress(0.25);
    }
    const env = { CACHE_POPULAR_SECONDS: String(SHORT_LIFE_SECONDS) };
    const renewing = await startTwoApps(topology, context, { name: 'renewing', folder: FOLDER, env });
    try {
      await steady.round('popular'); // the entry of the steady arm is young, and stays for all that follows
      const renewals = await measureRenewals(context, { renewing: renewing.instance, steady: steady.instance });
      return summarize(context, unguarded, guarded, renewals);
    } finally {
      await renewing.close();
    }
  } finally {
    await steady.close();
  }
}

async function rounds(context: MeasureContext, name: string, count: number): Promise<Round[]> {
  const rig = await startTwoApps(unprotected, context, { name, folder: FOLDER });
  try {
    const done: Round[] = [];
    for (let i = 0; i < count; i += 1) done.push(await rig.round('popular_posts'));
    return done;
  } finally {
    await rig.close();
  }
}

const queries = (answers: BurstAnswer[]) => answers.reduce((sum, { timing }) => sum + (timing.queries ?? 0), 0);
const loadMs = (answers: BurstAnswer[]) => Math.max(...answers.map(({ timing }) => timing.dbMs ?? 0));
const slowest = (answers: BurstAnswer[]) => Math.max(...answers.map(({ ms }) => ms));
const slowestInApp = (answers: BurstAnswer[]) => Math.max(...answers.map(({ timing }) => timing.appMs ?? 0));

function summarize({ judged }: MeasureContext, unguarded: Round[], guarded: Round[], renewals: Renewals): Measurement {
  const answersOf = (all: Round[]) => all.flatMap(({ there, gone }) => [...there, ...gone]);
  const failedOf = (all: Round[]) => answersOf(all).filter(({ status }) => status !== 200).length;
  const sent = answersOf([...unguarded, ...guarded]).length;
  const failed = { before: failedOf(unguarded), after: failedOf(guarded) };
  const refused = failed.before + failed.after;
  const most = (all: Round[]) => Math.max(...all.map(({ gone }) => queries(gone)));
  const counted = { before: most(unguarded), after: most(guarded) };
  const goal = judged ? { op: '<=' as const, value: LONGEST_MS } : undefined;
  const exactly = (value: number, count: number) =>
    judged && { goal: { op: '=' as const, value, met: count === value } };
  const beyond = (of: (answers: BurstAnswer[]) => number) =>
    guarded.map(({ there, gone }) => of(gone) - of(there) - loadMs(gone));
  const visits = renewals.renewing.length + renewals.steady.length;
  return {
    metric: COUNT,
    unit: 'count',
    comparison: exactComparison(counted.before, counted.after),
    arms: [
      {
        name: 'before',
        label: `popular page with a life of ${SHORT_LIFE_SECONDS} s`,
        latency: latencies(renewals.renewing),
        rate: RATE,
      },
      { name: 'after', label: 'popular page steady', latency: latencies(renewals.steady), rate: RATE },
    ],
    also: [comparisonOf('response time, p99 per block, renewed early against steady', 'ms', renewals.comparison)],
    counts: [
      { name: COUNT, ...counted, ...exactly(1, counted.after) },
      { name: 'readers of all rounds who got no page', ...failed, ...exactly(0, failed.after) },
    ],
    values: [
      measuredValue(
        'the load itself',
        'ms',
        guarded.map(({ gone }) => loadMs(gone)),
      ),
      measuredValue('slowest reader beyond the load', 'ms', beyond(slowest), goal),
      measuredValue('slowest reader beyond the load, in the app', 'ms', beyond(slowestInApp)),
      measuredValue('slowest reader, unprotected', 'ms', Math.max(...unguarded.map(({ gone }) => slowest(gone)))),
    ],
    accounting: {
      ...{ offered: sent + visits, answered: sent - refused + visits, refused },
      ...{ timedOut: 0, dropped: 0 },
    },
    blocks: [],
    blockSeconds: BLOCK_SECONDS,
    notes: notes(guarded.length, unguarded.length, renewals.stale),
  };
}

function notes(guarded: number, unguarded: number, stale: number): string[] {
  return [
    `${READERS.toLocaleString('en')} connections, half to each of two app processes on one SQLite file and one Redis; in each round all ask for the popular page in the same moment, once with its entry there and once with it deleted, in random order: ${guarded} rounds, unprotected ${unguarded}.`,
    'Queries are those of Server-Timing, summed over all answers of a burst.',
    'Beyond the load: a burst keeps both processes busy whatever the cache does, so from the slowest reader of a round with the entry gone the slowest one with it there is taken off, and the database time of the load. Measured at the reader; `in the app` by Server-Timing, which does not see what waits in the sockets.',
    `Early renewal: ${RATE} visitors a second for each of two such pairs at once, by an open model; one pair has a life of ${SHORT_LIFE_SECONDS} s for the popular page, the other one that of the app; ${stale} visitors met an entry that was due.`,
    'The load is SQLite in the process: one of the two processes answers nothing meanwhile. At `full` that is ten times as long, whatever the cache does.',
    'A/A: two random halves of the steady pair.',
  ];
}
