import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  quantile,
} from '@day90/bench';
import { finaleNotes, finaleValues } from './finale-result.ts';
import type { FinaleRun } from './finale-run.ts';
import { GOALS } from './goals.ts';
import { limitedBy } from './limited-by.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { watchTiers } from './tiers.ts';
import { type Up, withFinale } from './up-finale.ts';
import { isAtLeast, PROMISED, type Wishes } from './wishes.ts';

/** What is tried where the rate could not be held, as shares of it. */
const LESS = [0.75, 0.5, 0.25];
const LESS_SECONDS = 15;
/** A sample of the visitors asks once more at the end. */
const ASK_EACH = 50;
/** Of what the generator can send at its ceiling. */
const LARGEST_SHARE = 0.7;
/** Sent so late at p99, they came all at once, which is another load. */
const MOST_LATE_MS = 1000;
const STARTING_SECONDS = 120;

/** The guide's promise, at once and on one machine. */
export function finale(wishes: Wishes): MeasuredClaim {
  return {
    kind: 'measured',
    id: 'finale',
    title:
      'What the guide promises, at once and on one machine: so many requests a second and so many visitors connected, in time',
    proves: ['C26'],
    scale: 'medium',
    seconds: wishes.seconds + STARTING_SECONDS,
    measure: (context) =>
      withFinale(wishes, context, async (up) => summarize(wishes, await loaded(up, wishes, context), context)),
  };
}

async function loaded(up: Up, wishes: Wishes, context: MeasureContext): Promise<FinaleRun> {
  const { instance, crowd, visitors, send, held, notHeld, ceiling } = up;
  const load = async (rate: number, seconds: number) => {
    const used = watchTiers(instance);
    const run = await send(crowd.order(Math.round(rate * seconds)), { rate });
    return { run, use: used(run.sent), outcome: outcomeOf(run, crowd, rate) };
  };
  const whole = await load(wishes.rate, wishes.seconds);
  const after = { ...(await visitors.look()), ...(await visitors.askEach(ASK_EACH)) };
  await context.progress(0.9);
  let heldRate = isHeld(whole.outcome) ? wishes.rate : undefined;
  for (const share of LESS) {
    if (heldRate !== undefined) break;
    const rate = Math.round(wishes.rate * share);
    if (isHeld((await load(rate, Math.min(LESS_SECONDS, wishes.seconds))).outcome)) heldRate = rate;
  }
  return { ...whole, wishes, heldRate, held, after, notHeld, knownPosts: crowd.knownPosts, ceiling };
}

function isHeld({ took, failures, sent }: Outcome): boolean {
  const within = (p: number, most: number) => took.length > 0 && quantile(took, p) < most;
  return within(0.99, GOALS.p99) && within(0.999, GOALS.p999) && failures.length < GOALS.failed * sent;
}

function summarize(wishes: Wishes, seen: FinaleRun, context: MeasureContext): Measurement {
  const { outcome, run, use, ceiling } = seen;
  const p99 = quantile(outcome.took, 0.99);
  const judged = context.judged && isAtLeast(wishes, PROMISED);
  const generator = { cores: run.cpuMicros / run.seconds / 1e6, lateMs: outcome.late };
  const limits = limitedBy({
    ...{ wanted: wishes, heldRate: seen.heldRate, heldVisitors: seen.after.open, notHeld: seen.notHeld },
    ...{ use, generator },
  });
  return {
    metric: 'response time from when a request was due, p99, against what the guide promises',
    unit: 'ms',
    comparison: exactComparison(GOALS.p99, p99),
    arms: [
      { name: 'before', label: 'the most that the guide allows' },
      {
        ...{ name: 'after', label: 'stage-7', rate: wishes.rate, latency: latencyOf([...outcome.took]) },
        boxes: use.tiers.map(({ name, cores }) => ({ name, used: cores, throttled: 0 })),
        cpuPerRequestUs: use.tiers.reduce((sum, { microsPerRequest }) => sum + microsPerRequest, 0),
      },
    ],
    values: finaleValues(seen, judged),
    accounting: accountingOf(outcome),
    generator: { name: 'paced sockets of Node', version: process.versions.node, rate: wishes.rate, ceiling },
    blocks: [],
    blockSeconds: 0,
    notes: [...limits, ...finaleNotes(seen)],
    voidBecause: tooMuch(wishes.rate, ceiling, outcome),
    budgets: 'none',
  };
}

/** What became of all requests, as a result has it. */
export function accountingOf({ sent, took, refused, timedOut }: Outcome) {
  return { offered: sent, answered: took.length, refused, timedOut, dropped: 0 };
}

/** What makes a run void: a generator near its own end shows itself and not the stage. */
export function tooMuch(rate: number, ceiling: number, { late }: Outcome): string[] {
  return [
    ...(rate > LARGEST_SHARE * ceiling
      ? [`${rate}/s is more than 70 % of the ${ceiling}/s that the generator can send here`]
      : []),
    ...(late > MOST_LATE_MS ? [`the generator stood still for ${(late / 1000).toFixed(1)} s`] : []),
  ];
}
