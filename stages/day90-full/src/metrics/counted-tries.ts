import { Counter } from 'prom-client';
import { type JobKind, QUEUE_OF, type TryResult } from 'stage-6';
import type { Metrics } from './metrics.ts';

const RESULTS: TryResult[] = ['done', 'retried', 'given_up'];
const KINDS = [...Object.keys(QUEUE_OF), 'unknown'] as JobKind[];

/** Counts tries of jobs by what came of them. */
export function countedTries({ registry }: Metrics): (kind: JobKind, outcome: TryResult) => void {
  const tries = new Counter({
    name: 'jobs_total',
    help: 'Tries of jobs: done, to be tried again, or given up for good.',
    ...{ labelNames: ['kind', 'outcome'] as const, registers: [registry] },
  });
  // From 0 on: the first failure of a kind would be the first value of its series, which no rate can tell from nothing.
  for (const kind of KINDS) for (const outcome of RESULTS) tries.inc({ kind, outcome }, 0);
  return (kind, outcome) => tries.inc({ kind, outcome });
}
