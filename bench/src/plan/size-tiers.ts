import { formatNumber } from '../report/format.ts';
import type { Usl } from '../usl.ts';
import { timesOne } from './laws.ts';
import type { Machine, PriceList } from './prices.ts';
import type { BoxDemand } from './stage-demands.ts';
import { APP_MACHINES, type Tier, tierOf } from './tiers.ts';
import type { Demand, Workload } from './workload.ts';

/** Machines of one kind in one tier. */
export interface Sized {
  tier: Tier;
  /** What runs there: `app`, `db-1`. */
  what: string;
  machine: Machine;
  count: number;
  /** Cores that the work takes at the peak. */
  busyCores: number;
  /** The share of the machines' cores that is. */
  utilisation: number;
}

/** Why a tier can't be made large enough. */
export interface TooSmall {
  tier: Tier;
  why: string;
}

/** What sizing a tier needs to know. */
export interface Sizing {
  demand: Demand;
  load: Workload;
  prices: PriceList;
  /** One process with its database inside, as stages 1 and 2 are: no second one can be put beside it. */
  alone: boolean;
  usl: Pick<Usl, 'sigma' | 'kappa'>;
}

/** Cores that boxes take at the peak: the utilisation law, over reads and writes. */
function busyCores(boxes: readonly BoxDemand[], { readsPerSecond, writesPerSecond }: Demand): number {
  return boxes.reduce((sum, { read, write }) => sum + readsPerSecond * read + writesPerSecond * write, 0);
}

/** Machines for the processes that answer: one alone, or as many as the law of scalability asks for. */
export function sizeApp(boxes: readonly BoxDemand[], { demand, load, prices, alone, usl }: Sizing): Sized | TooSmall {
  const busy = busyCores(boxes, demand);
  const machine = prices.app;
  const sized = (count: number, processes: number) => ({
    ...{ tier: 'app' as const, what: 'app', machine, count, busyCores: busy, utilisation: busy / processes },
  });
  if (alone) {
    if (busy <= load.utilisation) return sized(1, 1);
    return { tier: 'app', why: `one process takes ${cores(busy)} at the peak, and may take ${share(load)} of one` };
  }
  const most = APP_MACHINES.most * machine.cores;
  // A core each: a Node process uses one, and the law counts what they are to one another.
  const processes = Array.from({ length: most }, (_, i) => i + 1).find(
    (n) => timesOne(n, usl) * load.utilisation >= busy,
  );
  if (processes === undefined) {
    return {
      tier: 'app',
      why: `the app takes ${cores(busy)} at the peak, more than ${APP_MACHINES.most} machines carry`,
    };
  }
  const count = Math.max(APP_MACHINES.least, Math.ceil(processes / machine.cores));
  return sized(count, timesOne(count * machine.cores, usl));
}

/** A machine for each database: writes go to all of them, reads to one. */
export function sizeDatabases(boxes: readonly BoxDemand[], { demand, load, prices }: Sizing): (Sized | TooSmall)[] {
  return boxes.map((box) => {
    const busy = busyCores([box], demand);
    const machine = prices.database.find((one) => one.cores * load.utilisation >= busy);
    if (!machine)
      return { tier: 'database', why: `${box.name} takes ${cores(busy)} at the peak, more than the largest` };
    return { tier: 'database', what: box.name, machine, count: 1, busyCores: busy, utilisation: busy / machine.cores };
  });
}

/** A node for each Redis: what it does, it does on one core. */
export function sizeRedis(boxes: readonly BoxDemand[], { demand, load, prices }: Sizing): (Sized | TooSmall)[] {
  return boxes.map((box) => {
    const busy = busyCores([box], demand);
    if (busy > load.utilisation) {
      const why = `${box.name} takes ${cores(busy)} at the peak; Redis works on one, and may take ${share(load)} of it`;
      return { tier: 'redis', why };
    }
    return { tier: 'redis', what: box.name, machine: prices.redis, count: 1, busyCores: busy, utilisation: busy };
  });
}

/** Machines for what works behind the scenes: one at least. */
export function sizeJobs(boxes: readonly BoxDemand[], { demand, load, prices }: Sizing): Sized {
  const busy = busyCores(boxes, demand);
  const machine = prices.app;
  const count = Math.max(1, Math.ceil(busy / (machine.cores * load.utilisation)));
  return { tier: 'jobs', what: 'worker', machine, count, busyCores: busy, utilisation: busy / (count * machine.cores) };
}

/** The boxes of one tier. */
export function boxesOf(boxes: readonly BoxDemand[], tier: Tier): BoxDemand[] {
  return boxes.filter(({ name }) => tierOf(name) === tier);
}

/** Of a core, as much as may be used: `60 %`. */
function share({ utilisation }: Workload): string {
  return `${formatNumber(utilisation * 100)} %`;
}

function cores(busy: number): string {
  const text = formatNumber(Number(busy.toPrecision(2)));
  return `${text} ${text === '1' ? 'core' : 'cores'}`;
}
