import type { ComparedStages } from '../compared-stages.ts';
import { curvesOf } from '../sweep/curves.ts';

/** The run's numbers with all their digits, by commas: the claims, then the sweep. */
export function csvOf({ yours, sweep }: Pick<ComparedStages, 'yours' | 'sweep'>): string {
  const claims = yours.flatMap((result) =>
    [result, ...result.also].map(({ metric, unit, before, after, estimate, lo, hi, verdict }) => [
      ...[result.stage, result.claim, metric, unit, before, after, estimate, lo, hi, verdict],
    ]),
  );
  const points = curvesOf(sweep ?? { pairs: [] }).flatMap(({ stage, points }) =>
    points.map(({ rate, nearP95, farP50, answered, refused, timedOut, dropped, cpuPerRequestUs }) => [
      ...[stage, rate, nearP95 ?? '', farP50 ?? '', answered, refused, timedOut, dropped, cpuPerRequestUs ?? ''],
    ]),
  );
  const claimHead = 'stage,claim,metric,unit,before,after,ratio,lo,hi,verdict';
  const pointHead = 'stage,rate,near_p95_ms,far_p50_ms,answered,refused,timed_out,dropped,cpu_per_request_us';
  return [claimHead, ...claims.map(line), '', pointHead, ...points.map(line)].join('\n');
}

/** RFC 4180. */
function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell))
    .join(',');
}
