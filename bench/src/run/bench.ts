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
  /** The report's file and title; the stage's unless told. */
  report?: { name: string; title: string };
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
  if (results.length > 0)
    show(results, { file: `${root}/.run/results/${report?.name ?? stage.name}.html`, title: report?.title, json });
  if (save) for (const result of results) keepResult(root, result);
  return failed.length === 0 && results.every((result) => result.verdict !== 'void');
}

function show(
  results: Result[],
  { file, title, json }: { file: string; title: string | undefined; json: boolean },
): void {
  writeWhole(file, renderReport(results, title));
  if (json) process.stdout.write(`${JSON.stringify({ results, report: file }, null, 2)}\n`);
  else process.stdout.write(`${renderTable(results)}\nReport: ${file}\n`);
}
