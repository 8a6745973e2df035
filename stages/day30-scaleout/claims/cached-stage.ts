import { fileURLToPath } from 'node:url';
import { closedLoop, type MeasureContext, seededRandom, withInstances } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { topology } from '../src/topology.ts';

/** The posts that are asked for: all of them fit into the cache. */
export const CACHED_POSTS = 2_000;

/** Of each box. Twice as many change nothing any more. */
const WARM_UP_REQUESTS = 20_000;

/**
 * The share of a core of an app box where boxes are brought to their limit. Less than they are shipped with: four of those,
 * with nginx, Redis and the generator that they keep busy, would be more than two cores have to spare.
 */
export const SATURATED_SHARE = 0.15;

/** A day. At the usual minute the loads that end it are a burden for one box, and the same burden for three. */
const LIFE_SECONDS = '86400';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** How the stage is started for a claim. */
interface StageOptions {
  /** Tells it from the claim's other instances. */
  name: string;
  /** App boxes. */
  boxes: number;
  options?: Record<string, string>;
}

/** As `withInstances`, of this stage, its boxes in their budgets. */
export function withStages<T>(
  context: MeasureContext,
  wanted: readonly StageOptions[],
  work: (instances: Instance[]) => Promise<T>,
): Promise<T> {
  const instances = wanted.map(({ name, boxes, options }) => ({
    ...{ name, topology, folder: FOLDER, options: options ?? {} },
    replicas: { app: boxes },
    env: { app: { CACHE_POST_SECONDS: LIFE_SECONDS } },
  }));
  return withInstances(context, instances, work);
}

/** Paths of posts as readers ask for them, by Zipf's law among those that are in the cache. */
export function cachedPaths({ scale, seed }: Pick<MeasureContext, 'scale' | 'seed'>, count: number): string[] {
  const rank = zipfRanks(CACHED_POSTS, seededRandom(seed));
  return Array.from({ length: count }, () => pathOf(rank(), SCALES[scale].posts));
}

/**
 * Makes an instance ready for a load: asks each app box, without its budget, for all of these posts by turns. From then on
 * every answer comes from the cache, and each box has compiled what it runs: of three that share a warm-up by nginx, each
 * would have a third of it, and go on compiling within its budget.
 */
export async function warmUp(instance: Instance, { scale, signal }: MeasureContext): Promise<void> {
  limitApp(instance, undefined);
  for (const box of instance.boxesOf('app')) {
    let rank = 0;
    const nextPath = () => pathOf(1 + (rank++ % CACHED_POSTS), SCALES[scale].posts);
    const url = `http://127.0.0.1:${instance.box(box).port}`;
    await closedLoop({ url, connections: 16, requests: WARM_UP_REQUESTS, nextPath, signal });
  }
}

/** Sets the budget of each app box, or lifts it. */
export function limitApp(instance: Instance, share: number | undefined): void {
  for (const box of instance.boxesOf('app')) instance.setCpu(box, share);
}

function pathOf(rank: number, posts: number): string {
  return `/posts/${idOfRank(rank, posts)}`;
}
