import { fileURLToPath } from 'node:url';
import { HeldVisitors, type MeasureContext, type PacedRun, pacedCeiling, pacedLoad, withInstances } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { Crowd } from './crowd.ts';
import { type Load, loadOf } from './load.ts';
import { checkLimits, machineLimits, usedBytes } from './machine-limits.ts';
import { outcomeOf } from './outcome.ts';
import { watchTiers } from './tiers.ts';
import { topology } from './topology.ts';
import type { Wishes } from './wishes.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const MEMBERS = 8;
/** As long as an edge may keep a post: read all at once, all would go out of date at once. */
const WARM_SECONDS = 60;
/** Of what the generator can send at most: nearer to its own end it shows itself and not the stage. */
const LARGEST_SHARE = 0.7;
/** From here on what a visitor takes is seen apart from what holding any takes. */
const FIRST_SHARE = 0.1;

/** Memory with some visitors, in bytes. */
export interface Held {
  visitors: number;
  /** Of the whole machine. */
  machine: number;
  /** Of the processes that play the visitors. */
  holders: number;
}

/** The stage, warm, with its visitors. */
export interface Up {
  instance: Instance;
  crowd: Crowd;
  visitors: HeldVisitors;
  /** With a tenth of them, and with all. */
  held: [Held, Held];
  /** Why some could not be held, by how many. */
  notHeld: Record<string, number>;
  /** Of the generator. */
  ceiling: number;
  /** The most that the generator may send, in requests a second. */
  most: number;
  /** Requests of the crowd, when they are due; for a run of which each one counts. */
  run(rate: number, seconds: number): Promise<PacedRun>;
  send(rate: number, seconds: number): Promise<Load>;
}

/**
 * Starts what a read passes, has its visitors come, and warms it.
 * @throws {BadInput} When the machine can't hold so many.
 */
export async function withFinale<T>(wishes: Wishes, context: MeasureContext, work: (up: Up) => Promise<T>): Promise<T> {
  checkLimits(wishes.visitors, machineLimits());
  const { scratch, guardian, signal } = context;
  const ceiling = await pacedCeiling({ scratch, guardian, signal });
  const most = Math.floor(ceiling * LARGEST_SHARE);
  const wanted = [{ name: 'finale', topology, folder: FOLDER, budgets: false }];
  return withInstances(context, wanted, async ([instance]) => {
    if (!instance) throw new Error('the stage is needed');
    const { url } = instance;
    const cookies = await logInMany(url, MEMBERS, signal);
    const crowd = new Crowd({ url, cookies, scale: context.scale, seed: context.seed });
    const paced = (order: Uint32Array, rate: number) =>
      pacedLoad({ url, targets: crowd.targets, order, pace: { rate }, scratch, guardian, signal });
    const run = (rate: number, seconds: number) => paced(crowd.order(Math.round(rate * seconds), rate), rate);
    const send = async (rate: number, seconds: number) => {
      const used = watchTiers(instance);
      const sent = await run(rate, seconds);
      return loadOf({ rate, seconds }, sent, used(), outcomeOf(sent, crowd, rate));
    };
    const visitors = new HeldVisitors({ url, path: '/posts/1', most: wishes.visitors, guardian, signal });
    try {
      const { held, notHeld } = await letIn(visitors, wishes);
      await context.progress(0.2);
      await paced(crowd.warmUp(), crowd.knownPosts / WARM_SECONDS);
      await context.progress(0.3);
      return await work({ instance, crowd, visitors, held, notHeld, ceiling, most, run, send });
    } finally {
      await visitors.close();
    }
  });
}

async function letIn(visitors: HeldVisitors, { visitors: most }: Wishes): Promise<Pick<Up, 'held' | 'notHeld'>> {
  const openTo = async (count: number) => {
    const { open, failed } = await visitors.open(count);
    return { held: { visitors: open, machine: usedBytes(), holders: visitors.memory() }, failed };
  };
  const first = await openTo(Math.ceil(most * FIRST_SHARE));
  const all = await openTo(most);
  return { held: [first.held, all.held], notHeld: all.failed };
}
