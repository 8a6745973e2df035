import { quantile } from '@day90/bench';
import type { Rushed } from './rush.ts';

export function isAnswered({ status }: Rushed): boolean {
  return status === 200 || status === 201;
}

/** By an app box: an edge answers some of it by itself, the more the more often it is asked. */
export function isAnsweredByApp(hit: Rushed): boolean {
  return isAnswered(hit) && hit.servedBy?.startsWith('app-') === true;
}

export function isRefused({ status }: Rushed): boolean {
  return status === 503;
}

/** A quantile of the times they took, in milliseconds; NaN of none. */
export function tookAt(hits: readonly Rushed[], p: number): number {
  const took = hits.map((hit) => hit.took).sort((a, b) => a - b);
  return took.length === 0 ? Number.NaN : quantile(took, p);
}
