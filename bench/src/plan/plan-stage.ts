import { responseSeconds } from './laws.ts';
import { aMonth, type PriceList } from './prices.ts';
import {
  boxesOf,
  type Sized,
  type Sizing,
  sizeApp,
  sizeDatabases,
  sizeJobs,
  sizeRedis,
  type TooSmall,
} from './size-tiers.ts';
import type { StageDemands } from './stage-demands.ts';
import type { Tier } from './tiers.ts';
import type { Demand } from './workload.ts';

/** One line of a bill, in dollars a month. */
interface BillLine {
  what: string;
  dollars: number;
}

/** What a stage would take to carry a workload. */
export interface StagePlan {
  stage: string;
  carries: boolean;
  /** Why it does not, tier by tier. */
  tooSmall: TooSmall[];
  machines: Sized[];
  bill: BillLine[];
  dollarsAMonth: number;
  /** For a million requests that are answered. */
  dollarsAMillion: number;
  /** How long a read takes at the peak, the way to the visitor left out, in seconds. */
  readSeconds: number;
}

/** Sizes a stage for a workload. A stage that can't carry it has a reason for each tier, and no bill. */
export function planStage({ stage, boxes }: StageDemands, sizing: Omit<Sizing, 'alone'>): StagePlan {
  const given: Sizing = { ...sizing, alone: boxesOf(boxes, 'database').length === 0 };
  const jobs = boxesOf(boxes, 'jobs');
  const tiers = [
    sizeApp(boxesOf(boxes, 'app'), given),
    ...sizeRedis(boxesOf(boxes, 'redis'), given),
    ...sizeDatabases(boxesOf(boxes, 'database'), given),
    ...(jobs.length > 0 ? [sizeJobs(jobs, given)] : []),
  ];
  const machines = tiers.filter((tier) => 'machine' in tier);
  const tooSmall = tiers.filter((tier) => 'why' in tier);
  const has = (tier: Tier) => boxesOf(boxes, tier).length > 0;
  const bill = tooSmall.length > 0 ? [] : [...machines.map(lineOf), ...services(given.prices, given.demand, has)];
  const dollarsAMonth = bill.reduce((sum, { dollars }) => sum + dollars, 0);
  return {
    ...{ stage: stage.name, carries: tooSmall.length === 0, tooSmall, machines, bill, dollarsAMonth },
    dollarsAMillion: (dollarsAMonth / given.demand.requestsAMonth) * 1e6,
    readSeconds: readSeconds(boxes, machines),
  };
}

function lineOf({ what, machine, count }: Sized): BillLine {
  return { what: `${count} × ${machine.machine} (${what})`, dollars: count * aMonth(machine.cost) };
}

/** What is paid for by use, or run by the provider: nginx is its balancer, Varnish its CDN, the bucket its object storage. */
function services(prices: PriceList, demand: Demand, has: (tier: Tier) => boolean): BillLine[] {
  const { gigabytesAMonth, newGigabytesAMonth, requestsAMonth } = demand;
  const { cdn, balancer, objects } = prices;
  const used = { perGb: cdn.perGb * gigabytesAMonth, perRequest: (cdn.perMillionRequests * requestsAMonth) / 1e6 };
  const lines = [
    has('balancer') && { what: 'load balancer', dollars: aMonth(balancer.cost) + balancer.perGb * gigabytesAMonth },
    has('cdn')
      ? { what: 'CDN', dollars: aMonth(cdn.cost) + used.perGb + used.perRequest }
      : { what: 'traffic', dollars: prices.trafficPerGb * gigabytesAMonth },
    has('objects') && { what: 'object storage', dollars: aMonth(objects.cost) },
    has('monitoring') && { what: 'monitoring', dollars: aMonth(prices.monitoring) },
    { what: "disk for a month's new rows", dollars: prices.diskPerGb * newGigabytesAMonth },
  ];
  return lines.filter((line) => line !== false && line.dollars > 0) as BillLine[];
}

/** A read passes each tier once: the work of its boxes there, and the wait that comes of how busy they are. */
function readSeconds(boxes: StageDemands['boxes'], machines: readonly Sized[]): number {
  const places = boxes.map(({ name, read }) => {
    const there = machines.find(({ what, tier }) => what === name || (tier === 'app' && name.startsWith('app')));
    return { seconds: read, utilisation: Math.min(0.99, there?.utilisation ?? 0) };
  });
  return responseSeconds(places);
}
