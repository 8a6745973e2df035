import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { askChannel, noticed } from '../drills/channel.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** By turns; each is scraped itself. */
const BOXES = ['app-2', 'worker-1', 'app-1', 'board', 'app-3', 'relay'];
/** As the guide tells it: dead at 03:00, seen at 09:00 or a little after. */
const GUIDE_SECONDS = 6.5 * 3600;
const MOST_SECONDS = 15;
/** By then a notice is taken for lost, or a box for one that does not come back. */
const PATIENCE_MS = 60_000;
/** A second notice of the same thing would come with the next interval of its group, after 5 s. */
const MORE_MS = 6000;
const LOOK_MS = 50;

/** One box's end and return, in seconds. */
interface Fault {
  noticed: number;
  resolved: number;
  /** The titles of all notices that came meanwhile. */
  notices: string[];
}

/** Boxes are killed and kept down; the channel is watched until it says so, and until it says that they are back. */
export const alert: MeasuredClaim = {
  kind: 'measured',
  id: 'alert',
  title: 'A box that dies is told of in seconds and not in the morning, once; and its return as well',
  proves: ['C22', 'C24'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 220,
  quickSeconds: 85,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const boxes = context.quick ? BOXES.slice(0, 2) : BOXES;
  return withInstances(context, [{ name: 'watched', topology, folder: FOLDER, budgets: false }], async ([instance]) => {
    if (!instance) throw new Error('the stage is needed');
    await untilWatched(instance, context.signal);
    const faults: Fault[] = [];
    for (const box of boxes) {
      faults.push(await killOne(instance, box, context.signal));
      await context.progress(faults.length / boxes.length);
    }
    return { ...summarize(context, faults), budgets: 'none' as const };
  });
}

/** The first sign of life has come: whatever is found from now on can be told. */
async function untilWatched(instance: Instance, signal: AbortSignal): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while ((await askChannel({ instance })).watchdog.state !== 'alive') {
    if (Date.now() > end) throw new Error('the Watchdog did not come');
    await sleep(LOOK_MS, undefined, { signal });
  }
}

async function killOne(instance: Instance, box: string, signal: AbortSignal): Promise<Fault> {
  const { notices: before } = await askChannel({ instance });
  const look = { about: box, after: before.at(-1)?.number ?? 0, ms: PATIENCE_MS, signal };
  const { metrics = 0 } = instance.box(box).ports;
  instance.hold(box);
  const killedAt = Date.now();
  await instance.kill(box);
  const toldAt = await noticed({ instance }, 'FIRING: TargetDown', look);
  await sleep(MORE_MS, undefined, { signal });
  instance.release(box);
  const backAt = await untilBack(metrics, signal);
  const overAt = await noticed({ instance }, 'RESOLVED: TargetDown', look);
  await sleep(MORE_MS, undefined, { signal });
  if (toldAt === undefined || overAt === undefined)
    throw new Error(`no notice of ${box} within ${PATIENCE_MS / 1000} s`);
  const { notices } = await askChannel({ instance });
  const came = notices.filter(({ number }) => number > look.after).map(({ title }) => title);
  return { noticed: (toldAt - killedAt) / 1000, resolved: (overAt - backAt) / 1000, notices: came };
}

/** @returns When its metrics could be had again. */
async function untilBack(port: number, signal: AbortSignal): Promise<number> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    if (answer?.ok) return Date.now();
    if (Date.now() > end) throw new Error('a box did not come back');
    await sleep(LOOK_MS, undefined, { signal });
  }
}

function summarize({ judged }: MeasureContext, faults: readonly Fault[]): Measurement {
  const noticedIn = faults.map((fault) => fault.noticed);
  const resolvedIn = faults.map((fault) => fault.resolved);
  const others = faults.flatMap(({ notices }) => notices.filter((title) => !title.includes('TargetDown')));
  const atMost = judged ? { op: '<=' as const, value: MOST_SECONDS } : undefined;
  return {
    metric: 'from the end of a box to the notice in the channel, mean',
    unit: 's',
    comparison: exactComparison(GUIDE_SECONDS, mean(noticedIn)),
    arms: [
      { name: 'before', label: 'nobody watches, as the guide tells it' },
      { name: 'after', label: 'stage-7' },
    ],
    values: [
      measuredValue('a box is dead: until the notice, the slowest', 's', Math.max(...noticedIn), atMost),
      measuredValue('it is back: until the notice, the slowest', 's', Math.max(...resolvedIn), atMost),
      measuredValue(
        'notices of one end and one return, the most',
        'count',
        Math.max(...faults.map(({ notices }) => notices.length)),
        judged ? { op: '<=', value: 2 } : undefined,
      ),
    ],
    accounting: { offered: 0, answered: 0, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${faults.length} times a box is killed with kill -9 and kept down until its notice has come, and six seconds more: app boxes, worker, board and relay, each scraped itself. Six seconds after its return is told the next one is killed.`,
      "The time before is no measurement: it is the guide's own example, a database that fails at 03:00 and is seen at 09:00 and a half.",
      'Scrapes and evaluations every 2 s, two of them in a row (`for: 4s`), `group_wait: 1s`, `group_interval: 5s`. At the usual 15 s between scrapes it takes half a minute longer.',
      'The return counts from the first answer of the box with metrics. No budgets.',
      ...others.map((title) => `Another notice came: ${title}.`),
    ],
  };
}
