import {
  type BlockComparison,
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
} from '@day90/bench';
import { climb, holdLong } from './climb.ts';
import { finaleNotes, finaleValues } from './finale-result.ts';
import type { FinaleRun } from './finale-run.ts';
import { limitedBy } from './limited-by.ts';
import { outcomeProblems } from './outcome.ts';
import { type Up, withFinale } from './up-finale.ts';
import { isAtLeast, PROMISED, type Wishes } from './wishes.ts';

/** A sample of the visitors asks once more at the end. */
const ASK_EACH = 50;
const AROUND_SECONDS = 240;

/** The guide's promise, at once and on one machine. */
export function finale(wishes: Wishes): MeasuredClaim {
  return {
    kind: 'measured',
    id: 'finale',
    title:
      'What the guide promises, at once and on one machine: so many requests a second and so many visitors connected, in time',
    proves: ['C26'],
    scale: 'medium',
    seconds: wishes.seconds + AROUND_SECONDS,
    measure: (context) =>
      withFinale(wishes, context, async (up) => summarize(await loaded(up, wishes, context), context)),
  };
}

async function loaded(up: Up, wishes: Wishes, { progress, signal }: MeasureContext): Promise<FinaleRun> {
  const { visitors, send, held, notHeld, ceiling, crowd } = up;
  const most = Math.min(wishes.rate, up.most);
  const rungs = await climb({ most, send, signal }, wishes.seconds);
  await progress(0.6);
  const tries = await holdLong({ most, send, signal }, rungs, wishes.seconds);
  const long = tries.at(-1) ?? tries[0];
  const after = { ...(await visitors.look()), ...(await visitors.askEach(ASK_EACH)) };
  return { wishes, most, rungs, tries, long, held, after, notHeld, knownPosts: crowd.knownPosts, ceiling };
}

function summarize(seen: FinaleRun, context: MeasureContext): Measurement {
  const { wishes, long, ceiling } = seen;
  const { outcome, use, rate } = long;
  const judged = context.judged && isAtLeast(wishes, PROMISED);
  return {
    metric: 'requests a second that were held, against what was asked for',
    unit: '/s',
    comparison: rateComparison(wishes.rate, long.held ? rate : 0, judged),
    arms: [
      { name: 'before', label: 'what was asked for', rate: wishes.rate },
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
    notes: [...limitedBy(seen), ...finaleNotes(seen)],
    voidBecause: outcomeProblems(outcome),
    budgets: 'none',
  };
}

function rateComparison(wanted: number, held: number, judged: boolean): BlockComparison {
  const compared = { ...exactComparison(Math.max(1, held), wanted), before: wanted, after: held };
  return { ...compared, moreIsBetter: true, ...(judged && { goal: { op: '>=', value: 1, met: held >= wanted } }) };
}
