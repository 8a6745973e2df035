import { BadInput, endSignals, type Scale, scales } from '@day90/infra';
import { Command, Option } from 'commander';
import { Progress } from '../run/progress.ts';
import { type DrillResult, isAsItMust, writeDrillResult } from './drill-result.ts';
import { renderDrills } from './drill-table.ts';
import { drillName, loadDrills, pickDrills, type StagedDrill } from './drills.ts';
import { expectedSeconds, runDrill } from './run-drill.ts';

interface Flags {
  stage?: string;
  list?: boolean;
  mutate?: boolean;
  quick?: boolean;
  json?: boolean;
  scale: Scale;
}

/**
 * `pnpm drill`. Its exit status: 0 all as they must be (skipped ones are named), 1 not so, bad input or could not,
 * 130 Ctrl-C.
 * @param root - The workspace's root folder.
 */
export function drillCommand(root: string): Command {
  return new Command('pnpm drill')
    .description('Breaks a stage on purpose, under load, and checks what must hold: real processes, real signals.')
    .argument('[name]', 'the drill: its number, its name or both, such as 1-kill-mid-write')
    .option('--stage <stage>', 'all drills of a stage, such as stage-1')
    .option('--list', 'show the drills and what each one expects')
    .option('--mutate', 'take the protection away: the drill must then fail, or it proves nothing')
    .option('--quick', 'shorter phases before and after the fault')
    .option('--json', 'print the results as JSON; progress goes to standard error either way')
    .addOption(new Option('--scale <scale>', 'size of the data').choices(scales).default('small'))
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: Flags) => act(root, name, flags));
}

const EXAMPLES = `
Each drill starts an instance of its own on free ports, with data that is thrown away: nothing that runs is touched.
Load comes at a fixed rate: 10 s steady, then the fault, then 10 s after healing (4 s each with --quick).

Examples:
  pnpm drill --list
  pnpm drill 1                       the app is killed while it writes
  pnpm drill kill-mid-write --mutate the same, with an app that answers before the commit
  pnpm drill --stage stage-1         all of stage 1

Results go to .run/results/drills/<stage>.<name>.json, those of --mutate to <stage>.<name>.mutant.json; the logs of a
drill that failed lie beside them.
Exit status: 0 all passed (or failed as they must with --mutate), 1 otherwise, 130 Ctrl-C. Skipped drills are named.`;

async function act(root: string, name: string | undefined, flags: Flags): Promise<void> {
  const all = await loadDrills(root);
  if (flags.list) return void process.stdout.write(flags.json ? asJson(all) : asList(all));
  const drills = pickDrills(root, all, name, flags.stage);
  const end = endSignals(() => 1);
  try {
    const good = await runAll(root, drills, flags, end.signal);
    if (!good) process.exitCode = 1;
  } finally {
    end.release();
  }
}

/** One after the other. One that could not be run does not stop the others. */
async function runAll(root: string, drills: StagedDrill[], flags: Flags, signal: AbortSignal): Promise<boolean> {
  const { mutate = false, quick = false, scale } = flags;
  const progress = new Progress();
  const results: DrillResult[] = [];
  let whole = true;
  progress.plan(drills.map(({ drill }) => expectedSeconds(drill, quick)));
  try {
    for (const { stage, drill } of drills) {
      const onProgress = (line: string) => progress.step(`${drillName(drill)}: ${line}`);
      try {
        const result = await runDrill({ root, stage, drill, quick, scale, mutate, signal, onProgress });
        results.push(result);
        writeDrillResult(`${root}/.run/results/drills`, result);
      } catch (error) {
        signal.throwIfAborted();
        whole = false;
        progress.say(`${drillName(drill)} could not be run: ${error instanceof Error ? error.message : error}`);
      }
      progress.next();
    }
  } finally {
    progress.end();
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ results }, null, 2)}\n`);
  else if (results.length > 0) process.stdout.write(renderDrills(results));
  return whole && results.every(isAsItMust);
}

function asList(all: StagedDrill[]): string {
  if (all.length === 0)
    throw new BadInput('this workspace has no drills: a stage exports its own from drills/index.ts');
  const blocks = all.map(({ stage, drill }) => {
    const { expects, mutation, title } = drill;
    return [
      `${drillName(drill)}  (${stage.name})  ${title}`,
      ...expects.map((line) => `    ${line}`),
      `    must fail when it ${mutation.title}`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function asJson(all: StagedDrill[]): string {
  const drills = all.map(({ stage, drill }) => {
    const { title, expects, mutation } = drill;
    return { stage: stage.name, name: drillName(drill), title, expects, mutation: mutation.title };
  });
  return `${JSON.stringify({ drills }, null, 2)}\n`;
}
