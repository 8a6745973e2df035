import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Arm,
  type BlockComparison,
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  seededRandom,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { topology } from '../src/topology.ts';
import { topology as unprotected } from '../src/unprotected/topology.ts';
import { type Visit, Visitors } from './visitors.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/**
 * Visitors a second of each arm: so many that the database alone is busy for less than half of the time. At `medium` the
 * popular page costs it 20 ms, at `full` 200.
 */
const RATE = 150;
/** Of each of the three phases. */
const PHASE_SECONDS = 4;
/** Nobody looks at an empty page for longer. */
const PATIENCE_MS = 2_000;

/** Kills Redis under load and counts the visitors who got no page. */
export const redisDown: MeasuredClaim = {
  kind: 'measured',
  id: 'redis-down',
  title: 'Redis is killed under load: every public read is answered, by the database',
  proves: ['T5'],
  scale: 'medium',
  seconds: 20,
  measure,
};

/** Visits of one arm: while Redis was there, while it was down, and from its start on. */
type Phases = Record<'steady' | 'down' | 'healed', Visit[]>;

function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = [
    { name: 'redis-before', topology: unprotected, folder: FOLDER },
    { name: 'redis-after', topology, folder: FOLDER },
  ];
  return withInstances(context, wanted, async (instances) => {
    const [before, after] = instances as [Instance, Instance];
    // Half a phase beforehand, in which both compile and fill their cache.
    await Promise.all(instances.map((one) => visit(one, context, PHASE_SECONDS / 2)));
    await context.progress(0.2);
    const [visits] = await Promise.all([
      Promise.all([visit(before, context, 3 * PHASE_SECONDS), visit(after, context, 3 * PHASE_SECONDS)]),
      ...instances.map((one) => breakRedis(one, context.signal)),
    ]);
    await context.progress(1);
    return summarize(context, { before: phases(visits[0]), after: phases(visits[1]) });
  });
}

/** Kills Redis after one phase, and lets it start again after the next. */
async function breakRedis(instance: Instance, signal: AbortSignal): Promise<void> {
  await sleep(PHASE_SECONDS * 1000, undefined, { signal });
  instance.hold('cache');
  await instance.kill('cache');
  await sleep(PHASE_SECONDS * 1000, undefined, { signal });
  instance.release('cache');
}

async function visit({ url }: Instance, { scale, seed, signal }: MeasureContext, seconds: number): Promise<Visit[]> {
  const visitors = new Visitors([url], { patienceMs: PATIENCE_MS, connections: 1_000 });
  try {
    return await visitors.open(RATE, seconds, publicReads(SCALES[scale], seededRandom(seed)), signal);
  } finally {
    visitors.close();
  }
}

/** What visitors read: of ten, six a post, and one each the popular page, an author, an author's page, the newest posts. */
function publicReads({ posts, users }: { posts: number; users: number }, random: () => number): () => string {
  const post = zipfRanks(posts, random);
  const user = zipfRanks(users, random);
  return () => {
    const turn = Math.floor(random() * 10);
    if (turn < 6) return `/posts/${idOfRank(post(), posts)}`;
    if (turn < 7) return '/posts/popular';
    if (turn < 8) return `/users/${idOfRank(user(), users)}`;
    if (turn < 9) return `/users/${idOfRank(user(), users)}/posts`;
    return '/posts';
  };
}

function phases(visits: Visit[]): Phases {
  const part = (phase: number) => visits.filter(({ at }) => Math.floor(at / 1000 / PHASE_SECONDS) === phase);
  return { steady: part(0), down: part(1), healed: part(2) };
}

const failed = (visits: Visit[]) => visits.filter(({ status }) => status !== 200).length;
const answered = (visits: Visit[]) => visits.length - failed(visits);

function summarize({ judged }: MeasureContext, arms: { before: Phases; after: Phases }): Measurement {
  const count = (name: string, of: (arm: Phases) => number) => {
    const counted = { before: of(arms.before), after: of(arms.after) };
    return { name, ...counted, ...(judged && { goal: { op: '=' as const, value: 0, met: counted.after === 0 } }) };
  };
  const all = [arms.before, arms.after].flatMap((arm) => Object.values(arm).flat());
  const timedOut = all.filter((one) => one.timedOut).length;
  return {
    metric: 'reads answered while Redis was down',
    unit: 'count',
    comparison: moreAnswered(answered(arms.before.down), answered(arms.after.down)),
    arms: [
      armOf('before', 'unprotected, Redis down', arms.before.down),
      armOf('after', 'stage-2, Redis down', arms.after.down),
      armOf('steady-unprotected', 'unprotected, before', arms.before.steady),
      armOf('steady', 'stage-2, before', arms.after.steady),
      armOf('healed-unprotected', 'unprotected, Redis back', arms.before.healed),
      armOf('healed', 'stage-2, Redis back', arms.after.healed),
    ],
    counts: [
      count('failed public reads while Redis was down', ({ down }) => failed(down)),
      count('failed public reads before and after', ({ steady, healed }) => failed(steady) + failed(healed)),
    ],
    accounting: {
      ...{ offered: all.length, answered: answered(all), timedOut, dropped: 0 },
      refused: failed(all) - timedOut,
    },
    blocks: [],
    blockSeconds: PHASE_SECONDS,
    notes: [
      `${RATE} visitors a second of each arm at once, by an open model, for three times ${PHASE_SECONDS} s; after the first Redis is killed (kill -9) and stays down, after the second it starts again, empty.`,
      `Six of ten read a post by Zipf's law, one each the popular page, an author, an author's page and the newest posts, which neither arm caches.`,
      `Failed: anything but the page within ${PATIENCE_MS / 1000} s. Latencies are of the answered reads, from the moment they were due; a read belongs to the phase in which it was due.`,
    ],
  };
}

function moreAnswered(before: number, after: number): BlockComparison {
  return { ...exactComparison(after, before), before, after, moreIsBetter: true };
}

function armOf(name: string, label: string, visits: Visit[]): Arm {
  const times = visits.filter(({ status }) => status === 200).map(({ ms }) => ms);
  return { name, label, rate: RATE, ...(times.length > 0 && { latency: latencyOf(times) }) };
}
