import { fileURLToPath } from 'node:url';
import {
  AGAIN,
  type Climbed,
  type Costs,
  climbLadder,
  compareBlocks,
  comparisonOf,
  type MeasureContext,
  type Measurement,
  mean,
  measuredValue,
  type PairedBlock,
  resultBlocks,
} from '@day90/bench';
import { RUNGS, type RungName } from './ladder/rungs.ts';
import { cookieOf, SESSIONS } from './ladder/session-cookies.ts';
import { topology } from './ladder/topology.ts';

/** A look-up takes 75 % of the stock one's CPU time at most, and this is the inverse, rounded up. */
const GOAL = 1.34;
/** What a request that needs no session may pay for there being sessions, in microseconds. */
const MOST_BESIDE_US = 2;
const REQUESTS = 6_000;
/** The cheapest of these processes is compiled to the end only after a half second of its own time. */
const WARMUP = 30_000;

/** What sessions cost, in CPU time, with and without a look-up. Every request carries a member's cookie. */
export function lookupCost(context: MeasureContext): Promise<Measurement> {
  const ladder = {
    rungs: RUNGS,
    topology,
    folder: fileURLToPath(new URL('../..', import.meta.url)),
    ...{ requests: REQUESTS, warmup: WARMUP },
    paths(random: () => number) {
      const cookies = Array.from({ length: SESSIONS }, (_, member) => cookieOf(member));
      return () => ({ path: '/asked', headers: { Cookie: cookies[Math.floor(random() * SESSIONS)] as string } });
    },
    notes: [],
  };
  return climbLadder(ladder, context, (climbed) => judge(context, climbed));
}

function judge({ seed, judged }: MeasureContext, climbed: Climbed): Measurement {
  const { costs, warmup, blockSeconds, leastBlocks } = climbed;
  const options = { seed, leastBlocks };
  const stock = pairs(costs, 'stock');
  const comparison = compareBlocks(stock, { ...options, ...(judged && { goal: { op: '>=', value: GOAL } }) });
  const sent = warmup + costs.length * (RUNGS.length + 1) * REQUESTS;
  return {
    metric: "CPU of a look-up, connect-redis as it comes against the stage's store",
    unit: 'µs',
    comparison,
    arms: RUNGS.map(({ name, adds }) => ({
      ...{ name, label: adds },
      cpuPerRequestUs: mean(costs.map((block) => block[name] as number)),
    })),
    also: [
      comparisonOf('CPU of a look-up, sessions in the process', 'µs', compareBlocks(pairs(costs, 'memory'), options)),
      comparisonOf('CPU of a look-up, one bare GET', 'µs', compareBlocks(pairs(costs, 'get'), options)),
    ],
    values: [
      measuredValue(
        'CPU that a request without need of a session pays',
        'µs',
        costs.map((block) => over(block, 'beside')),
        judged ? { op: '<=', value: MOST_BESIDE_US } : undefined,
      ),
    ],
    accounting: { offered: sent, answered: sent, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(stock, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      'CPU: each way to know a member is a process of its own that gives the same small answer; all ask one Redis, by turns in random order, four times a block.',
      `${costs.length} blocks of ${REQUESTS} requests on each, by autocannon, each request with the cookie of one of ${SESSIONS.toLocaleString('en')} members. CPU time is the process's own, all threads.`,
      'A look-up costs what its process takes above the one without sessions, in the same block.',
      'All three ways by express-session have the settings of the app (rolling); connect-redis as it comes prolongs a session at each request, the stage once a minute.',
      "express-session holds the last byte of an answer back until the store has prolonged the session, and so sends it in two pieces. The stage's store says yes at once, which is how it can cost less than even the memory of the process.",
      "A/A: the stage's store measured twice in each block.",
    ],
  };
}

/** A look-up one way and by the stage's store, block by block. */
function pairs(costs: Costs[], way: RungName): PairedBlock[] {
  return costs.map((block) => {
    const aa = [over(block, 'ours'), over(block, AGAIN)] as const;
    return { before: over(block, way), after: mean(aa), aa };
  });
}

/** What a request costs above one in a process without sessions. */
function over(block: Costs, way: RungName | typeof AGAIN): number {
  return (block[way] as number) - (block.public as number);
}
