import { BadInput } from '@day90/infra';
import { renderReport } from '../report/html.ts';
import { renderTable } from '../report/table.ts';
import type { Result } from '../result.ts';
import { type BenchArguments, readArguments } from './arguments.ts';
import { type BenchOutcome, runBench } from './bench-run.ts';
import { Progress } from './progress.ts';
import { writeResult, writeWhole } from './result-files.ts';
import { findStages, loadClaims, pickClaims, pickStage } from './stages.ts';

/** Where a bench runs. */
export interface BenchPlace {
  /** The workspace's root folder. */
  root: string;
  env: NodeJS.ProcessEnv;
}

/** Does what the arguments ask. @returns The exit status: 0 done, 1 bad input or void or could not, 130 Ctrl-C. */
export async function runCommandLine(argv: string[], place: BenchPlace): Promise<number> {
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('stopped'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const stages = findStages(place.root);
    const asked = readArguments(
      argv,
      place.env,
      stages.map((stage) => stage.name),
    );
    return asked ? await bench(asked, place, stopped.signal) : 0;
  } catch (error) {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function bench(asked: BenchArguments, { root }: BenchPlace, signal: AbortSignal): Promise<number> {
  const stage = pickStage(findStages(root), asked.stage);
  const claims = pickClaims(await loadClaims(stage), stage.name, asked.claim, asked.quick);
  const progress = new Progress();
  const { quick, scale } = asked;
  const outcome = await runBench({ root, stage, claims, quick, scale, signal, progress });
  progress.end();
  if (signal.aborted) return stoppedEarly(outcome);
  for (const { claim, error } of outcome.failed)
    process.stderr.write(`${claim}: could not be measured: ${oneLine(error)}\n`);
  const report = writeReport(root, stage.name, outcome.results);
  if (asked.json) process.stdout.write(`${JSON.stringify({ results: outcome.results, report }, null, 2)}\n`);
  else if (report) process.stdout.write(`${renderTable(outcome.results)}\nReport: ${report}\n`);
  if (asked.save) save(root, outcome.results);
  const sound = outcome.failed.length === 0 && outcome.results.every((result) => result.verdict !== 'void');
  return sound ? 0 : 1;
}

function writeReport(root: string, stage: string, results: Result[]): string | undefined {
  if (results.length === 0) return undefined;
  const file = `${root}/.run/results/${stage}.html`;
  writeWhole(file, renderReport(results));
  return file;
}

/** A void run proves nothing, so it never stands among the results that others read. */
function save(root: string, results: Result[]): void {
  for (const result of results) {
    const where = `${root}/bench/results/${result.env.machineKind}`;
    const said = result.verdict === 'void' ? `${result.claim}: void, not saved` : `saved ${writeResult(where, result)}`;
    process.stderr.write(`${said}\n`);
  }
}

function stoppedEarly({ results }: BenchOutcome): number {
  const kept = results.map((result) => result.claim).join(', ');
  process.stderr.write(`stopped; ${kept ? `finished and kept: ${kept}` : 'nothing was finished'}\n`);
  return 130;
}

/** A stack helps who mends the bench, not who uses it: `DEBUG=bench` shows it. */
function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env.DEBUG === 'bench' && !(error instanceof BadInput) ? String(error.stack) : error.message;
}
