import { BadInput, endSignals } from '@day90/infra';
import { Argument, Command } from 'commander';
import { readResults } from '../compare/result-files.ts';
import { referenceFolder } from '../figures/reference-results.ts';
import { keepResult } from '../run/keep-result.ts';
import { Progress } from '../run/progress.ts';
import { writeResult } from '../run/result-files.ts';
import { runClaim } from '../run/run-claim.ts';
import { omission } from './omission.ts';
import { tornTable } from './torn-table.ts';

interface Flags {
  save?: boolean;
  yours?: boolean;
}

const HELP = `
  apart      what results say when the two sides of a block are torn apart: how often the sign is wrong
  omission   an app that pauses, asked by a closed loop and at a fixed rate (two minutes)

Examples:
  pnpm demonstrate apart
  pnpm demonstrate omission

Exit status: 0 shown, 1 bad input, void or could not, 130 Ctrl-C.`;

/**
 * `pnpm demonstrate`: why the method is as it is, with our data and with yours.
 * @param root - The workspace's root folder.
 */
export function demonstrateCommand(root: string): Command {
  return new Command('pnpm demonstrate')
    .description('Shows what a simpler way of measuring would have said.')
    .addArgument(new Argument('<what>', 'what is to be shown').choices(['apart', 'omission']))
    .option('--yours', 'apart: the results of this machine (.run/results), and not those in the repository')
    .option('--save', 'omission: also keep the result in bench/results/, to be committed')
    .addHelpText('after', HELP)
    .action((what: 'apart' | 'omission', flags: Flags) =>
      what === 'apart' ? showApart(root, flags) : showOmission(root, flags),
    );
}

function showApart(root: string, { yours = false, save }: Flags): void {
  if (save) throw new BadInput('--save is for what is measured: apart reads what is there');
  const { results } = readResults(yours ? `${root}/.run/results` : referenceFolder(root));
  process.stdout.write(`${tornTable(results)}\n`);
}

async function showOmission(root: string, { yours, save = false }: Flags): Promise<void> {
  if (yours) throw new BadInput('--yours is for results that are there: omission measures here');
  const end = endSignals(() => 1);
  const progress = new Progress();
  progress.plan([omission.seconds]);
  const stage = { name: 'method', number: 0, folder: `${root}/stages/day1-sqlite` };
  try {
    const result = await runClaim({ root, stage, claim: omission, quick: false, signal: end.signal, progress });
    progress.end();
    const file = writeResult(`${root}/.run/results`, result);
    // Not before: the report's charts take half a second to load.
    const { renderTable } = await import('../report/table.ts');
    process.stdout.write(`${renderTable([result])}\nResult: ${file}\n`);
    if (result.verdict === 'void') process.exitCode = 1;
    if (save) keepResult(root, result);
  } finally {
    progress.end();
    end.release();
  }
}
