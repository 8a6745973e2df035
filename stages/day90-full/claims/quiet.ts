import { setTimeout as sleep } from 'node:timers/promises';
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
import { askChannel } from '../drills/channel.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const MINUTE_MS = 60_000;
/** The Watchdog is told every five seconds. */
const LOOK_MS = 5000;
const BETWEEN_VISITS_MS = 100;
const PATHS = ['/posts', '/posts/popular', '/posts/1', '/users/1', '/posts/2', '/users/2'];

/** Nothing is broken, for ten minutes: an alert that cries wolf is one that nobody reads. */
export const quiet: MeasuredClaim = {
  kind: 'measured',
  id: 'quiet',
  title: 'While all is well nobody is told of anything, and the Watchdog is heard all the time',
  proves: ['C24', 'T12'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 640,
  quickSeconds: 90,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const minutes = context.quick ? 1 : 10;
  return withInstances(context, [{ name: 'quiet', topology, folder: FOLDER }], async ([instance]) => {
    if (!instance) throw new Error('the stage is needed');
    while ((await askChannel({ instance })).watchdog.state === 'waiting')
      await sleep(LOOK_MS, undefined, { signal: context.signal });
    const ended = new AbortController();
    const visiting = visit(instance, AbortSignal.any([ended.signal, context.signal]));
    const startedAt = Date.now();
    let silent = 0;
    while (Date.now() < startedAt + minutes * MINUTE_MS) {
      await sleep(LOOK_MS, undefined, { signal: context.signal });
      if ((await askChannel({ instance })).watchdog.state !== 'alive') silent += 1;
      await context.progress((Date.now() - startedAt) / (minutes * MINUTE_MS));
    }
    ended.abort();
    const visits = await visiting;
    const { notices } = await askChannel({ instance });
    return { ...summarize(context, { minutes, startedAt, silent, visits, notices }), budgets: instance.ready.budgets };
  });
}

/** Ten requests a second, one after the other. @returns How many were answered as they should, and how many not. */
async function visit({ url }: Instance, signal: AbortSignal): Promise<{ answered: number; failed: number }> {
  const visits = { answered: 0, failed: 0 };
  for (let i = 0; !signal.aborted; i += 1) {
    const answer = await fetch(`${url}${PATHS[i % PATHS.length]}`).catch(() => undefined);
    await answer?.arrayBuffer();
    visits[answer?.ok ? 'answered' : 'failed'] += 1;
    await sleep(BETWEEN_VISITS_MS, undefined, { signal }).catch(() => {});
  }
  return visits;
}

interface Seen {
  minutes: number;
  startedAt: number;
  silent: number;
  visits: { answered: number; failed: number };
  notices: Awaited<ReturnType<typeof askChannel>>['notices'];
}

function summarize({ judged }: MeasureContext, seen: Seen): Measurement {
  const { minutes, startedAt, silent, visits, notices } = seen;
  const noisy = new Set(notices.map(({ at }) => Math.floor((Date.parse(at) - startedAt) / MINUTE_MS))).size;
  const silentMinutes = Math.max(minutes - noisy, Number.EPSILON);
  const none = judged ? { op: '=' as const, value: 0 } : undefined;
  return {
    metric: 'minutes without a notice',
    unit: 'count',
    comparison: {
      ...exactComparison(silentMinutes, minutes),
      before: minutes,
      after: silentMinutes,
      moreIsBetter: true,
    },
    arms: [
      { name: 'before', label: 'minutes in which nothing was broken' },
      { name: 'after', label: 'stage-7' },
    ],
    values: [
      measuredValue(`notices in ${minutes} healthy minutes`, 'count', notices.length, none),
      measuredValue('looks, every 5 s, at which the Watchdog was missing', 'count', silent, none),
      measuredValue('requests that failed', 'count', visits.failed, none),
    ],
    accounting: {
      offered: visits.answered + visits.failed,
      answered: visits.answered,
      refused: visits.failed,
      ...{ timedOut: 0, dropped: 0 },
    },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `All of stage 7 within its budgets, some ten requests a second, one after the other, for ${minutes} min${minutes === 1 ? 'ute' : 'utes'}.`,
      ...notices.map(({ at, title, text }) => `${at} ${title}: ${text.split('\n', 1)[0]}`),
    ],
  };
}
