import { existsSync } from 'node:fs';
import { allStages, BadInput, type Scale, type Stage, scales } from '@day90/infra';
import { Command, Option } from 'commander';
import { scaleOf } from '../run/scale-of.ts';
import { type Output, type Part, parts } from './wishes.ts';

interface Flags {
  only?: Part;
  full?: boolean;
  resume?: boolean;
  save?: boolean;
  force?: boolean;
  json?: boolean;
  markdown?: boolean;
  scale?: Scale;
}

/**
 * `pnpm compare`. Its exit status: 0 measured or compared (what can't run here is named), 1 bad input, void or broken,
 * 130 Ctrl-C.
 * @param root - The workspace's root folder.
 */
export function compareCommand(root: string): Command {
  return new Command('pnpm compare')
    .description('All stages on one page: each step against the one before it, and all of them under the same load.')
    .argument('[what...]', 'two stages, two result files, or two folders of them; without any: all stages')
    .addOption(new Option('--only <part>', 'one part of the two').choices(parts))
    .option('--full', 'all claims at full length and the sweep by small steps: an hour or two')
    .option('--resume', 'go on with the run that was stopped')
    .option('--save', 'also keep the results in bench/results/, to be committed; with --full')
    .option('--force', 'compare results of unlike machines, scales or budgets all the same, and say so')
    .option('--json', 'print the outcome as JSON; progress goes to standard error either way')
    .option('--markdown', 'print it for a pull request')
    .addOption(
      new Option('--scale <scale>', 'size of the data, instead of what each claim is stated for (or SCALE=…)').choices(
        scales,
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action((what: string[], flags: Flags) => act(root, what, flags));
}

const EXAMPLES = `
First the ladder is printed as the repository has it; then yours is measured: the headline of each stage in few blocks (7 minutes),
and all stages under the same rising load, neighbours by turns (8 minutes). What is finished is kept: Ctrl-C, then --resume.

Examples:
  pnpm compare                                    the ladder and the sweep
  pnpm compare --only ladder                      the headline claims alone
  pnpm compare stage-2 stage-5                    these two, by turns under the same load
  pnpm compare bench/results/linux-x64-2cpu .run/results     ours and yours, claim by claim
  pnpm compare a.json b.json                      one claim, measured twice

The report: .run/results/compare.html. The sweep: .run/results/compare.sweep.json.
Exit status: 0 done (what can't run here is named), 1 bad input, void or broken, 130 Ctrl-C.`;

async function act(root: string, what: string[], given: Flags): Promise<void> {
  const scaled = given.scale ?? scaleOf(process.env.SCALE);
  const flags = { ...given, ...(scaled && { scale: scaled }) };
  const output = outputOf(flags);
  const stages = allStages(root);
  if (what.length > 0 && !what.some((name) => isStage(name, stages))) return compareFiles(what, flags, output);
  const chosen = chosenStages(what, stages);
  checkFlags(flags);
  const { compareStages } = await import('./compare-stages.ts');
  const wanted: Part[] = flags.only ? [flags.only] : what.length > 0 ? ['sweep'] : [...parts];
  const { full = false, resume = false, save = false, scale } = flags;
  const sound = await compareStages({ root, stages: chosen, parts: wanted, full, resume, save, scale, output });
  if (!sound) process.exitCode = 1;
}

function outputOf({ json, markdown }: Flags): Output {
  if (json && markdown) throw new BadInput('--json and --markdown: use one of the two');
  return json ? 'json' : markdown ? 'markdown' : 'text';
}

/** What looks like a stage is one, also when there is none of that name: a file is a path or ends in .json. */
function isStage(name: string, stages: readonly Stage[]): boolean {
  if (stages.some((stage) => stage.name === name)) return true;
  return /^stage-?\d*$/.test(name) && !existsSync(name);
}

function chosenStages(names: readonly string[], stages: readonly Stage[]): Stage[] {
  if (names.length === 0) return [...stages];
  const known = stages.map(({ name }) => name).join(', ');
  for (const name of names) {
    if (!stages.some((stage) => stage.name === name)) throw new BadInput(`no stage ${name}; stages: ${known}`);
  }
  const chosen = stages.filter(({ name }) => names.includes(name));
  if (names.length > chosen.length) throw new BadInput(`${names.join(' and ')}: a stage named twice; stages: ${known}`);
  if (chosen.length !== 2)
    throw new BadInput(`${names.join(', ')}: name two stages, or none for all; stages: ${known}`);
  return chosen;
}

function checkFlags({ full, save, resume, force, scale, only }: Flags): void {
  if (force) throw new BadInput('--force is for result files: what is measured in one run is alike');
  if (save && !full) throw new BadInput('--save keeps figures for others, which takes whole runs: use it with --full');
  if (save && scale)
    throw new BadInput(
      '--save keeps figures for others, at the scale each claim is made for: leave out --scale and SCALE',
    );
  if (resume && (full || scale || only))
    throw new BadInput('--resume goes on as the run was begun: leave out --full, --scale (SCALE) and --only');
}

async function compareFiles(what: readonly string[], flags: Flags, output: Output): Promise<void> {
  const [first, second, ...more] = what;
  if (first === undefined || second === undefined || more.length > 0)
    throw new BadInput(`${what.join(', ')}: give two result files, two folders of them, two stages, or nothing`);
  const { full, resume, save, only } = flags;
  if (full || resume || save || only)
    throw new BadInput(
      'results that are there are compared as they are: leave out --full, --resume, --save and --only',
    );
  const { readResults } = await import('./result-files.ts');
  const { laySideBySide } = await import('./compare-runs.ts');
  const runs = laySideBySide(readResults(first), readResults(second), flags.force ?? false);
  const { printRuns } = await import('./print-runs.ts');
  printRuns(runs, [first, second], output);
}
