import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  quantile,
} from '@day90/bench';
import { climb, heldRates } from './climb.ts';
import { type Blame, blame, budgetUsed, inWords, OBJECTIVE } from './error-budget.ts';
import { strikeAll } from './fault-script.ts';
import { type Outcome, outcomeOf, outcomeProblems } from './outcome.ts';
import { type Up, withFinale } from './up-finale.ts';
import { isAtLeast, PROMISED_WITH_FAULTS, type Wishes } from './wishes.ts';

const AROUND_SECONDS = 240;
/** Of what is held when nothing is wrong: what fails then failed by a fault, and not for want of a machine. */
const SHARE = 0.5;

interface Broken {
  outcome: Outcome;
  blames: Blame[];
  /** Requests a second. */
  rate: number;
  ceiling: number;
  stayed: number;
}

/** Everything goes wrong once, in five minutes. */
export function finaleFaults(wishes: Wishes): MeasuredClaim {
  return {
    kind: 'measured',
    id: 'finale-faults',
    title:
      'An app, a replica and Redis die, nginx is told to begin anew, the primary is slow: three nines of all requests are answered',
    proves: ['C26'],
    scale: 'medium',
    seconds: wishes.seconds + AROUND_SECONDS,
    measure: (context) =>
      withFinale(wishes, context, async (up) => summarize(wishes, await broken(up, wishes, context), context)),
  };
}

async function broken(up: Up, { rate, seconds }: Wishes, { signal }: MeasureContext): Promise<Broken> {
  const { instance, crowd, visitors, send, run, ceiling } = up;
  const most = Math.min(rate / SHARE, up.most);
  const [held] = heldRates(await climb({ most, send, signal }, seconds), most);
  const half = Math.ceil(held * SHARE);
  const ended = new AbortController();
  const [sent, struck] = await Promise.all([
    run(half, seconds).catch((error: unknown) => {
      ended.abort(); // with nobody asking, nothing is to be broken
      throw error;
    }),
    strikeAll(instance, seconds, AbortSignal.any([signal, ended.signal])),
  ]);
  const outcome = outcomeOf(sent, crowd, half);
  const blames = blame(outcome.failures, struck, { startedAt: sent.startedAt, sent: sent.sent, rate: half });
  return { outcome, blames, rate: half, ceiling, stayed: (await visitors.look()).open };
}

function summarize(wishes: Wishes, seen: Broken, context: MeasureContext): Measurement {
  const { outcome, rate, ceiling, blames } = seen;
  const asked = { ...wishes, rate };
  const { sent, took, failures } = outcome;
  return {
    metric: 'share of requests that failed, against what three nines allow',
    unit: '',
    // Where none has failed there is nothing to divide by: one that might have is the least that can be said.
    comparison: exactComparison(1 - OBJECTIVE, Math.max(failures.length, 1) / sent),
    arms: [
      { name: 'before', label: 'the most that three nines allow' },
      { name: 'after', label: 'stage-7', rate, latency: latencyOf([...took]) },
    ],
    counts: blames.map(({ name, sent: asked, failures: failed }) => ({
      ...{ name: `${name}: sent until the next, and failed`, before: asked, after: failed.length },
    })),
    values: valuesOf(seen, context.judged && isAtLeast(wishes, PROMISED_WITH_FAULTS)),
    accounting: outcome.accounting,
    generator: { name: 'paced sockets of Node', version: process.versions.node, rate, ceiling },
    blocks: [],
    blockSeconds: 0,
    notes: [...blames.map(inWords), ...notesOf(asked, seen)],
    voidBecause: outcomeProblems(outcome),
    budgets: 'none',
  };
}

function valuesOf({ outcome, rate, stayed, ceiling }: Broken, judged: boolean) {
  const { took, failures, sent, sentAgain, late } = outcome;
  const used = budgetUsed(failures.length, { sent, rate });
  return [
    measuredValue(
      'failed, of a million',
      'count',
      Math.ceil((1e6 * failures.length) / sent),
      judged ? { op: '<=', value: Math.round(1e6 * (1 - OBJECTIVE)) } : undefined,
    ),
    measuredValue('of the error budget of these minutes', '', used.run),
    measuredValue('of a month’s error budget at the same rate', '', used.month),
    measuredValue('response time, p50', 'ms', quantile(took, 0.5)),
    measuredValue('response time, p99', 'ms', quantile(took, 0.99)),
    measuredValue('response time, p99.9', 'ms', quantile(took, 0.999)),
    measuredValue('sent once more, as their connection was lost', 'count', sentAgain),
    measuredValue('visitors connected, and idle, after the load', 'count', stayed),
    measuredValue('sent late by the generator, p99', 'ms', late),
    measuredValue('the generator’s ceiling', '/s', ceiling),
  ];
}

function notesOf({ rate, visitors, seconds }: Wishes, { outcome: { sent, failures } }: Broken): string[] {
  const allowed = Math.floor(sent * (1 - OBJECTIVE));
  return [
    `Three nines of ${sent} requests: ${allowed} may fail, ${failures.length} did.`,
    `${rate} requests a second for ${seconds} s: half of what was held just before, with nothing wrong; on the way and of the kinds of the finale, with ${visitors} visitors connected. A failure is laid to the fault before it, from the moment it was known.`,
    'What is killed is killed with kill -9 and started again by its launcher. The slow primary is stopped for 80 of each 100 ms, for a thirtieth of the run. nginx is the one between edge and apps; it reads its settings anew with the load on it.',
    'A request that fails is not sent again, but for one whose kept connection was lost before any answer and that may be sent twice.',
  ];
}
