import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Instance, loadTopology, workspaceRoot } from '@day90/infra';
import { attack, type Pace } from '../attack.ts';
import type { Hit } from '../attack-hits.ts';
import { type MeasureContext, type MeasuredClaim, type Measurement, resultBlocks } from '../claim.ts';
import { measuredValue } from '../measured-value.ts';
import type { Accounting, Arm } from '../result.ts';
import { compareBlocks, latencyOf, quantile } from '../statistics.ts';
import { withInstances } from '../with-instances.ts';

const ROUNDS = 24;
const SECONDS = 2;
/** In the middle of each round, so that it holds up whoever comes, and is over before the round is. */
const FROZEN_FROM_MS = 900;
const FROZEN_MS = 200;
const CLIENTS = 10;
const RATE = 200;
const PATH = '/posts/7';
/** No answer takes as long while the app goes on: who waited for longer waited for its pause. */
const WAITED_MS = 50;
/** Above this share of late requests the generator, and not the app, made them wait. */
const MOST_LATE = 0.01;
const LATE_MS = 20;

type Side = 'before' | 'after';
const SIDES: Record<Side, { label: string; pace: Pace }> = {
  before: { label: `${CLIENTS} clients in a closed loop`, pace: { atOnce: CLIENTS, seconds: SECONDS } },
  after: { label: `${RATE} requests a second`, pace: { rate: RATE } },
};

/** What two ways of asking see of one app that pauses for a tenth of the time. */
export const omission: MeasuredClaim = {
  kind: 'measured',
  id: 'omission',
  title: 'A closed loop hardly sees that the app pauses: who would have come meanwhile is not in its sample',
  proves: ['T15'],
  seconds: ROUNDS * 2 * (SECONDS + 0.5) + 5,
  measure,
};

type Hits = Record<Side, Hit[][]>;

async function measure(context: MeasureContext): Promise<Measurement> {
  const { topology, folder } = await loadTopology(`${workspaceRoot()}/stages/day1-sqlite/src/topology.ts`);
  const hits: Hits = { before: [], after: [] };
  await withInstances(context, [{ name: 'omission', topology, folder }], async ([instance]) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of byTurns(round)) hits[side].push(await askedWhilePausing(context, instance as Instance, side));
      await context.progress((round + 1) / ROUNDS);
    }
  });
  return measurementOf(hits, context.seed);
}

/** Before, after, after, before: what drifts evenly slows both down alike. */
function byTurns(round: number): Side[] {
  return round % 2 === 0 ? ['before', 'after'] : ['after', 'before'];
}

async function askedWhilePausing(context: MeasureContext, instance: Instance, side: Side): Promise<Hit[]> {
  const { pace } = SIDES[side];
  const shots = Array.from({ length: 'rate' in pace ? pace.rate * SECONDS : 1 }, () => ({ path: PATH }));
  const scratch = mkdtempSync(join(context.scratch, 'attack-'));
  const { guardian, signal } = context;
  const asking = attack({ url: instance.url, shots, pace, scratch, guardian, signal });
  await Promise.all([asking, pause(instance)]);
  return (await asking)();
}

async function pause(instance: Instance): Promise<void> {
  await sleep(FROZEN_FROM_MS);
  instance.signal('app', 'SIGSTOP');
  await sleep(FROZEN_MS);
  instance.signal('app', 'SIGCONT');
}

function measurementOf(hits: Hits, seed: number): Measurement {
  const p99s = (side: Side) => hits[side].map((round) => quantile(tookOf(round), 0.99));
  const [closed, open] = [p99s('before'), p99s('after')];
  const blocks = closed.map((before, i) => ({ before, after: open[i] as number }));
  const comparison = compareBlocks(blocks, { seed, warmedUp: true });
  const late = shareOf(hits.after.flat(), (hit) => hit.late > LATE_MS);
  return {
    metric: 'response time, p99 of each round',
    unit: 'ms',
    comparison,
    arms: [armOf('before', hits), armOf('after', hits)],
    values: [
      measuredValue('waited for the pause, as the closed loop saw it', '%', waitedShares(hits.before)),
      measuredValue('waited for the pause, as the fixed rate saw it', '%', waitedShares(hits.after)),
      measuredValue('share of the time in which the app paused', '%', (100 * FROZEN_MS) / (1000 * SECONDS)),
    ],
    accounting: accountingOf([...hits.before.flat(), ...hits.after.flat()]),
    blocks: resultBlocks(blocks, SECONDS, comparison.warmupBlocks),
    blockSeconds: SECONDS,
    notes: [
      `Stage 1 answers ${PATH}; in each round of ${SECONDS} s its app is stopped for ${FROZEN_MS} ms (SIGSTOP).`,
      `By turns: ${SIDES.before.label}, each sending when its last answer has come; and ${SIDES.after.label}, whatever the answers do.`,
      `Who waited for more than ${WAITED_MS} ms counts as having waited for the pause. At the fixed rate an answer's time counts from when it was due.`,
    ],
    ...(late > MOST_LATE && { voidBecause: [`vegeta sent ${Math.round(late * 100)} % of the requests late`] }),
  };
}

function tookOf(hits: readonly Hit[]): number[] {
  return hits.map(({ took }) => took).sort((a, b) => a - b);
}

function waitedShares(rounds: readonly Hit[][]): number[] {
  return rounds.map((round) => 100 * shareOf(round, ({ took }) => took > WAITED_MS));
}

function shareOf(hits: readonly Hit[], holds: (hit: Hit) => boolean): number {
  return hits.filter(holds).length / hits.length;
}

function armOf(name: Side, hits: Hits): Arm {
  const all = hits[name].flat();
  const answered = all.filter(({ status }) => status === 200);
  return {
    ...{ name, label: SIDES[name].label, accounting: accountingOf(all) },
    latency: latencyOf(answered.map(({ took }) => took)),
    rate: Math.round(all.length / (hits[name].length * SECONDS)),
  };
}

function accountingOf(hits: readonly Hit[]): Accounting {
  const answered = hits.filter(({ status }) => status === 200).length;
  const timedOut = hits.filter(({ status }) => status === 0).length;
  return { offered: hits.length, answered, timedOut, refused: hits.length - answered - timedOut, dropped: 0 };
}
