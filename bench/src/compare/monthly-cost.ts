import { aMonth, type PriceList } from '../plan/prices.ts';
import type { SweptStage } from './sweep/pair-run.ts';

/** Boxes by the role they have in a topology, and what is paid for each: its own price, or one for all of them. */
const PAID: Record<string, { each?: keyof typeof OF; once?: keyof typeof OF }> = {
  ...{ app: { each: 'app' }, worker: { each: 'app' }, relay: { once: 'app' }, board: { once: 'app' } },
  ...{
    postgres: { each: 'database' },
    cache: { each: 'redis' },
    sessions: { each: 'redis' },
    queue: { each: 'redis' },
  },
  ...{
    nginx: { each: 'balancer' },
    edge: { once: 'cdn' },
    s3: { once: 'objects' },
    prometheus: { once: 'monitoring' },
  },
};

const OF = {
  app: (table: PriceList) => table.app.cost,
  database: (table: PriceList) => (table.database[0] as PriceList['app']).cost,
  redis: (table: PriceList) => table.redis.cost,
  balancer: (table: PriceList) => table.balancer.cost,
  cdn: (table: PriceList) => table.cdn.cost,
  objects: (table: PriceList) => table.objects.cost,
  monitoring: (table: PriceList) => table.monitoring,
};

/**
 * What a month of a stage's boxes costs, each of the smallest size that the table has, traffic not counted. What sends mail or
 * stands in for a provider is not paid for; relay and board share a machine of the app's kind.
 */
export function monthlyCost({ boxes }: Pick<SweptStage, 'boxes'>, table: PriceList): number {
  const paidOnce = new Set<string>();
  let sum = 0;
  for (const { role, count } of boxes) {
    const { each, once } = PAID[role] ?? {};
    if (each) sum += count * aMonth(OF[each](table));
    if (once && !paidOnce.has(once)) {
      paidOnce.add(once);
      sum += aMonth(OF[once](table));
    }
  }
  return sum;
}
