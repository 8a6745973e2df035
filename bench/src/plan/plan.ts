import type { Stage } from '@day90/infra';
import type { Usl } from '../usl.ts';
import { insideAtOnce } from './laws.ts';
import { planStage, type StagePlan } from './plan-stage.ts';
import type { PriceList } from './prices.ts';
import { scalability, stageDemands, type Unmeasured } from './stage-demands.ts';
import { BEYOND } from './tiers.ts';
import { type Demand, demandOf, type Workload } from './workload.ts';

/** A workload, what it comes to, and what each stage would take to carry it. */
export interface Plan {
  load: Workload;
  demand: Demand;
  /** How many visitors are there at the peak, by Little's law: each asks, gets an answer, and pauses. */
  visitorsAtOnce: number;
  stages: StagePlan[];
  unmeasured: Unmeasured[];
  /** The first that carries it; absent where none does. */
  smallest?: StagePlan;
  /** What would be needed beyond the last stage, where none carries it. */
  beyond: string[];
  prices: PriceList;
  /** Between app boxes, where it was measured. */
  usl?: Pick<Usl, 'sigma' | 'kappa'>;
  /** What the demands were measured on. */
  measured: string[];
}

/**
 * Makes a plan from measured demands.
 * @param folder - The results of one machine.
 * @throws {Error} In one line: without any measured demands, or when a result can't be read.
 */
export function planFor(load: Workload, prices: PriceList, stages: readonly Stage[], folder: string): Plan {
  const demand = demandOf(load);
  const usl = scalability(folder);
  const all = stageDemands(stages, folder);
  const known = all.filter((one) => 'boxes' in one);
  const unmeasured = all.filter((one) => 'why' in one);
  if (known.length === 0) throw new Error(`${folder} has no measured demands: run pnpm bench stage-1 --claim demands`);
  const plans = known.map((one) => planStage(one, { demand, load, prices, usl: usl ?? { sigma: 0, kappa: 0 } }));
  const smallest = plans.find(({ carries }) => carries);
  const last = plans.at(-1) as StagePlan;
  const tiers = new Set(smallest ? [] : last.tooSmall.map(({ tier }) => tier));
  const { readSeconds } = smallest ?? last;
  return {
    ...{ load, demand, prices, stages: plans, unmeasured, ...(usl && { usl }), ...(smallest && { smallest }) },
    visitorsAtOnce: insideAtOnce(demand.peak, load.pauseSeconds + readSeconds),
    beyond: [...tiers].flatMap((tier) => BEYOND[tier] ?? []),
    measured: [...new Set(known.map((one) => one.measured))],
  };
}
