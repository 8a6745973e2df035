import { BadInput, coloursFor } from '@day90/infra';
import { Command } from 'commander';
import { printAnchors, printStat, printStep } from './print-step.ts';
import { allSteps, type Step, stepTo } from './step.ts';
import { type StepDiff, stepDiff } from './step-diff.ts';

interface Flags {
  stat?: boolean;
  hunks?: boolean;
  file?: string[];
}

/**
 * `pnpm diff`: what a stage adds to the one before it.
 * @param workspace - The root folder.
 */
export function diffCommand(workspace: string): Command {
  return new Command('pnpm diff')
    .description('Shows what a stage adds to the one before it, in the order in which it is read best.')
    .argument('<from>', 'the stage before, such as 2; or the stage itself, when it is the only one named')
    .argument('[to]', 'the stage, such as 3')
    .option('--stat', 'list the files alone')
    .option('--file <path...>', 'show these files alone')
    .option('--hunks', 'list what a text on the page of the step can stand beside')
    .addHelpText('after', EXAMPLES)
    .action((from: string, to: string | undefined, flags: Flags) => {
      const diff = chosenFiles(stepDiff(stepBetween(workspace, from, to), allSteps(workspace)), flags.file);
      process.stdout.on('error', leaveQuietly).write(`${printed(diff, flags)}\n`);
    });
}

const EXAMPLES = `
Examples:
  pnpm diff 2 3                      what stage 3 adds to stage 2
  pnpm diff 3 --stat                 the same, its files alone
  pnpm diff 2 3 --file src/app.ts    what became of the composition root
  pnpm diff naive 1                  what stage 1 makes of the app as it is first written

Left out: how imports are broken into lines, ports and names that every stage has of its own, READMEs, claims, drills.`;

function stepBetween(workspace: string, from: string, to = from): Step {
  const step = stepTo(workspace, to);
  const names = [step.from, step.from.replace('stage-', ''), step.from.split(' ').at(-1)];
  if (from === to || names.includes(from)) return step;
  throw new BadInput(
    `${from} and ${to} are no neighbours: a step leads to ${step.to} from ${step.from}, \`pnpm diff ${step.number}\``,
  );
}

function chosenFiles(diff: StepDiff, paths: string[] | undefined): StepDiff {
  if (!paths) return diff;
  const missing = paths.find((path) => !diff.files.some((file) => file.path === path));
  if (missing === undefined) return { ...diff, files: diff.files.filter(({ path }) => paths.includes(path)) };
  throw new BadInput(
    `step ${diff.step.number} has no file ${missing}; \`pnpm diff ${diff.step.number} --stat\` lists them`,
  );
}

function printed(diff: StepDiff, { stat, hunks }: Flags): string {
  if (hunks) return printAnchors(diff);
  return (stat ? printStat : printStep)(diff, coloursFor(process.stdout));
}

/** `| head` closes the pipe before all is written. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
