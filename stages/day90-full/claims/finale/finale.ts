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
import { outcomeOf, outcomeProblems } from './outcome.ts';
import { watchTiers } from './tiers.ts';
import { REST_MS, triedRate, tryLess } from './tried-rate.ts';
import { type Up, withFinale } from './up-finale.ts';
import { isAtLeast, PROMISED, type Wishes } from './wishes.ts';

/** A sample of the visitors asks once more at the end. */
const ASK_EACH = 50;
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
  const { instance, crowd, visitors, send, held, notHeld, ceiling, rate } = up;
  const load = async (perSecond: number, seconds: number) => {
    const used = watchTiers(instance);
    const run = await send(crowd.order(Math.round(perSecond * seconds)), { rate: perSecond });
    return { run, use: used(), outcome: outcomeOf(run, crowd, perSecond) };
  };
  const whole = await load(rate, wishes.seconds);
  const after = { ...(await visitors.look()), ...(await visitors.askEach(ASK_EACH)) };
  await context.progress(0.9);
  const first = triedRate(whole.outcome, rate, wishes.seconds);
  const tried = await tryLess(first, wishes, async (...less) => (await load(...less)).outcome, {
    signal: context.signal,
    restMs: REST_MS,
  });
  return { ...whole, wishes, rate, tried, held, after, notHeld, knownPosts: crowd.knownPosts, ceiling };
}

function summarize(wishes: Wishes, seen: FinaleRun, context: MeasureContext): Measurement {
  const { outcome, run, use, ceiling, rate } = seen;
  const p99 = quantile(outcome.took, 0.99);
  const judged = context.judged && isAtLeast(wishes, PROMISED);
  const generator = { cores: run.cpuMicros / run.seconds / 1e6, lateMs: outcome.late };
  const limits = limitedBy({
    ...{ wanted: wishes, asked: rate, ceiling, tried: seen.tried },
    ...{ heldVisitors: seen.after.open, notHeld: seen.notHeld },
    ...{ use, generator },
  });
  return {
    metric: 'response time from when a request was due, p99, against what the guide promises',
    unit: 'ms',
    comparison: exactComparison(GOALS.p99, p99),
    arms: [
      { name: 'before', label: 'the most that the guide allows' },
      {
        ...{ name: 'after', label: 'stage-7', rate, latency: latencyOf([...outcome.took]) },
        boxes: use.tiers.map(({ name, cores }) => ({ name, used: cores, throttled: 0 })),
        cpuPerRequestUs: use.tiers.reduce((sum, { micros }) => sum + micros, 0) / outcome.accounting.answered,
      },
    ],
    values: finaleValues(seen, judged),
    accounting: outcome.accounting,
    generator: { name: 'paced sockets of Node', version: process.versions.node, rate, ceiling },
    blocks: [],
    blockSeconds: 0,
    notes: [...limits, ...finaleNotes(seen)],
    voidBecause: outcomeProblems(outcome),
    budgets: 'none',
  };
}
