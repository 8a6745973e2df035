import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
} from '@day90/bench';

const WORKERS = 4;
const IDS_EACH = 1_000_000;
const ALL = WORKERS * IDS_EACH;

/** Four workers make a million ids each, at the same time and as fast as they can. */
export const ids: MeasuredClaim = {
  kind: 'measured',
  id: 'ids',
  title: 'Ids are made by every box on its own: none is made twice, and those of one box rise',
  proves: ['C15'],
  seconds: 15,
  measure,
};

async function measure({ judged, progress }: MeasureContext): Promise<Measurement> {
  const startedAt = performance.now();
  const made = await Promise.all(Array.from({ length: WORKERS }, (_, i) => idsOf(i + 1)));
  const seconds = (performance.now() - startedAt) / 1000;
  await progress(0.7);
  const unsorted = made.reduce((sum, one) => sum + fallsIn(one), 0);
  const distinct = countDistinct(made);
  const exactly = (value: number, found: number) =>
    judged ? { goal: { op: '=' as const, value, met: found === value } } : {};
  return {
    metric: 'ids made, and how many of them differ',
    unit: 'count',
    comparison: exactComparison(ALL, distinct),
    arms: [
      { name: 'before', label: 'ids made' },
      { name: 'after', label: 'ids that differ' },
    ],
    counts: [
      { name: 'ids made, and those made twice', before: ALL, after: ALL - distinct, ...exactly(0, ALL - distinct) },
      {
        name: 'ids made, and those not above the one before them of the same worker',
        ...{ before: ALL, after: unsorted, ...exactly(0, unsorted) },
      },
    ],
    values: [measuredValue('ids a second, of all workers', '/s', ALL / seconds)],
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${WORKERS} threads, each with a worker number of its own, made ${IDS_EACH.toLocaleString('en')} ids each at the same time, as fast as they could: 256 a millisecond and worker are the most there can be.`,
      'Counts, not times: all ids were sorted together and compared with their neighbours.',
    ],
  };
}

async function idsOf(worker: number): Promise<BigUint64Array> {
  const thread = new Worker(new URL('./ids/worker.ts', import.meta.url), { workerData: { worker, count: IDS_EACH } });
  const [made] = (await once(thread, 'message')) as [BigUint64Array];
  return made;
}

function fallsIn(ids: BigUint64Array): number {
  let falls = 0;
  for (let i = 1; i < ids.length; i += 1) if ((ids[i] as bigint) <= (ids[i - 1] as bigint)) falls += 1;
  return falls;
}

function countDistinct(made: readonly BigUint64Array[]): number {
  const all = new BigUint64Array(ALL);
  for (const [i, ids] of made.entries()) all.set(ids, i * IDS_EACH);
  all.sort();
  let distinct = 1;
  for (let i = 1; i < ALL; i += 1) if (all[i] !== all[i - 1]) distinct += 1;
  return distinct;
}
