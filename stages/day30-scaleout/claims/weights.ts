import { Agent } from 'node:http';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { withStages } from './cached-stage.ts';
import { ask } from './visitor.ts';

const BOXES = ['app-1', 'app-2', 'app-3'] as const;
/** Whole rounds of both: 3 requests by turns, 5 by the weights 3, 1, 1. */
const REQUESTS = 3_000;
/** More than nginx has workers, so that both have to count as one. */
const CONNECTIONS = 6;
const WEIGHTED: Record<string, number> = { 'app-1': 0.6, 'app-2': 0.2, 'app-3': 0.2 };

/** Counts which box answered, request by request. */
export const weights: MeasuredClaim = {
  kind: 'measured',
  id: 'weights',
  title: 'Weights 3, 1 and 1 give the first box three requests of five; without weights each has every third',
  proves: ['C10', 'C11'],
  seconds: 17,
  quickSeconds: 17,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const balances = ['round-robin', 'weighted'];
  const wanted = balances.map((balance) => ({ name: balance, boxes: BOXES.length, options: { balance } }));
  return withStages(context, wanted, async ([turns, weighted]) => {
    const before = await servedBy(turns as Instance, context);
    await context.progress(0.7);
    const after = await servedBy(weighted as Instance, context);
    return { ...summarize(context, before, after), budgets: (weighted as Instance).ready.budgets };
  });
}

/** The box that answered, of each request in the order they were sent: one after the other, over connections by turns. */
async function servedBy({ url }: Instance, { signal }: MeasureContext): Promise<string[]> {
  const agents = Array.from({ length: CONNECTIONS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  try {
    const boxes: string[] = [];
    for (let n = 0; n < REQUESTS; n += 1) {
      signal.throwIfAborted();
      const { status, headers, error } = await ask(url, { path: '/posts/popular' }, agents[n % CONNECTIONS]);
      const box = headers['x-served-by'];
      if (status !== 200 || typeof box !== 'string') throw new Error(`${url} answered ${error ?? status}`);
      boxes.push(box);
    }
    return boxes;
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

function summarize({ judged }: MeasureContext, turns: string[], weighted: string[]): Measurement {
  const all = REQUESTS.toLocaleString('en');
  const of = (boxes: string[], box: string) => boxes.filter((one) => one === box).length;
  const [first] = BOXES;
  const [before, after] = [of(turns, first), of(weighted, first)];
  const exactly = (value: number, found: number) =>
    judged ? { goal: { op: '=' as const, value, met: found === value } } : {};
  const again = turns.filter((box, n) => n >= BOXES.length && box === turns[n - BOXES.length]).length;
  return {
    metric: 'answers of the first box, by turns and by weight',
    unit: 'count',
    comparison: { ...exactComparison(after, before), before, after, moreIsBetter: true },
    arms: [
      { name: 'before', label: '--balance=round-robin' },
      { name: 'after', label: '--balance=weighted' },
    ],
    counts: BOXES.map((box) => {
      const counted = { before: of(turns, box), after: of(weighted, box) };
      const share = Math.round(REQUESTS * (WEIGHTED[box] as number));
      return { name: `answers of ${box} of ${all}`, ...counted, ...exactly(share, counted.after) };
    }),
    values: [
      ...BOXES.map((box) => {
        const goal = judged ? ({ op: '=', value: REQUESTS / BOXES.length } as const) : undefined;
        return measuredValue(`answers of ${box} of ${all}, by turns`, 'count', of(turns, box), goal);
      }),
      measuredValue(
        'requests that came to the same box as the third one before them, by turns',
        'count',
        again,
        judged ? { op: '=', value: REQUESTS - BOXES.length } : undefined,
      ),
    ],
    accounting: { offered: 2 * REQUESTS, answered: 2 * REQUESTS, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${all} requests on each instance, one after the other over ${CONNECTIONS} connections by turns, and X-Served-By of each answer.`,
      "nginx' two workers count as one: the list of boxes lies in memory that they share (`zone`).",
      'Counts, not times: the order in which the boxes are taken is fixed, and repeats after three requests or five.',
    ],
  };
}
