import { renderReport } from '../report/html.ts';
import { renderTable } from '../report/table.ts';
import type { Result } from '../result.ts';
import { type BenchOptions, runBench } from './bench-run.ts';
import { keepResult } from './keep-result.ts';
import { Progress } from './progress.ts';
import { writeWhole } from './result-files.ts';

interface BenchRequest extends Omit<BenchOptions, 'progress'> {
  /** Also keep the results in `bench/results/`. */
  save: boolean;
  /** Names the report, which is the stage's unless told. */
  report?: string;
  /** JSON instead of the table on standard output. */
  json: boolean;
}

/**
 * Measures, writes the report, prints.
 * @returns Whether every claim was measured and none is void.
 * @throws The signal's reason when aborted, after saying what was finished and is kept.
 */
export async function bench({ save, json, report, ...options }: BenchRequest): Promise<boolean> {
  const { root, stage, signal } = options;
  const progress = new Progress();
  const { results, failed } = await runBench({ ...options, progress }).finally(() => progress.end());
  if (signal.aborted) {
    const kept = results.map((result) => result.claim).join(', ');
    console.error(`stopped; ${kept ? `finished and kept: ${kept}` : 'nothing was finished'}`);
    throw signal.reason;
  }
  for (const { claim, error } of failed) {
    console.error(`${claim} could not be measured: ${error instanceof Error ? error.message : error}`);
  }
  if (results.length > 0) show(results, `${root}/.run/results/${report ?? stage.name}.html`, json);
  if (save) for (const result of results) keepResult(root, result);
  return failed.length === 0 && results.every((result) => result.verdict !== 'void');
}

function show(results: Result[], report: string, json: boolean): void {
  writeWhole(report, renderReport(results));
  if (json) process.stdout.write(`${JSON.stringify({ results, report }, null, 2)}\n`);
  else process.stdout.write(`${renderTable(results)}\nReport: ${report}\n`);
}
