import type { Stage } from '@day90/infra';
import { priceListNames, readPriceList } from '../plan/prices.ts';
import { renderTable } from '../report/table.ts';
import { writeResult, writeWhole } from '../run/result-files.ts';
import type { ComparedStages } from './compared-stages.ts';
import { runText } from './ladder-text.ts';
import { runMarkdown } from './markdown.ts';
import { renderCompareReport } from './report/compare-report.ts';
import { stepCosts } from './step-costs.ts';
import { SWEEP_FILE } from './sweep/sweep.ts';
import type { Output } from './wishes.ts';

interface FinishOptions {
  root: string;
  stages: readonly Stage[];
  output: Output;
  /** Also keep the results in `bench/results/`. */
  save: boolean;
}

/** Writes results and report, and prints the outcome. */
export function finish(run: ComparedStages, { root, stages, output, save }: FinishOptions): void {
  const folder = `${root}/.run/results`;
  const report = `${folder}/compare.html`;
  const prices = priceListNames().map(readPriceList);
  writeWhole(report, renderCompareReport(run, { steps: stepCosts(stages), prices }));
  for (const result of run.yours) writeResult(folder, result);
  if (run.sweep) writeWhole(`${folder}/${SWEEP_FILE}`, `${JSON.stringify(run.sweep, null, 2)}\n`);
  if (save) keep(run, root);
  if (output === 'json') process.stdout.write(`${JSON.stringify({ ...jsonOf(run), report }, null, 2)}\n`);
  else if (output === 'markdown') process.stdout.write(`${runMarkdown(run)}\n`);
  else
    process.stdout.write(
      `${run.full && run.yours.length > 0 ? `${renderTable(run.yours)}\n` : ''}${runText(run)}\nReport: ${report}\n`,
    );
}

function jsonOf({ takenAt, full, ladder, yours, sweep, skipped }: ComparedStages): object {
  const rows = ladder.map(({ stage, claim, ours, yours: mine, skipped: why }) => ({
    ...{ stage, claim, ...(why && { skipped: why }) },
    ...(mine && { verdict: mine.verdict, ratio: mine.estimate, lo: mine.lo, hi: mine.hi, goal: mine.goal }),
    ...(ours && { ours: { verdict: ours.verdict, ratio: ours.estimate, lo: ours.lo, hi: ours.hi } }),
  }));
  return { takenAt, full, ladder: rows, results: yours, sweep, skipped };
}

/** What others read is neither void nor of code that no commit has. */
function keep({ yours, sweep, env }: ComparedStages, root: string): void {
  if (env.dirty) return void console.error('nothing was saved: files differ from the commit it would name');
  const folder = `${root}/bench/results/${env.machineKind}`;
  for (const result of yours) {
    if (result.verdict === 'void') console.error(`${result.stage}.${result.claim} is void and was not saved`);
    else console.error(`saved ${writeResult(folder, result)}`);
  }
  if (!sweep || sweep.pairs.length === 0) return;
  writeWhole(`${folder}/${SWEEP_FILE}`, `${JSON.stringify(sweep, null, 2)}\n`);
  console.error(`saved ${folder}/${SWEEP_FILE}`);
}
