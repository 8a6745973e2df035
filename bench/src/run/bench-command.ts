import { allStages, BadInput, chosenStages, endSignals, ensureSystemNeeds, type Scale, scales } from '@day90/infra';
import { Argument, Command, Option } from 'commander';
import { finaleCommand } from '../finale/finale-command.ts';
import { loadClaims, pickClaims } from './claims.ts';
import { scaleOf } from './scale-of.ts';

interface Flags {
  claim?: string;
  quick?: boolean;
  save?: boolean;
  json?: boolean;
  scale?: Scale;
}

/**
 * `pnpm bench`. Its exit status: 0 measured (a missed goal, too), 1 bad input, void or could not, 130 Ctrl-C.
 * @param root - The workspace's root folder.
 */
export function benchCommand(root: string): Command {
  const stages = allStages(root).map(({ name }) => name);
  return (
    new Command('pnpm bench')
      .description('Measures what a stage claims: both sides up at the same time, under the same load.')
      .addArgument(new Argument('<stage>', `the stage to measure: ${stages.join(', ')}`))
      .option('--claim <name>', 'one claim only; without it all of them, the headline first')
      .option('--quick', 'the headline claim alone (or --claim), in fewer blocks: within 90 s, with a wider interval')
      .option('--save', 'also keep the results in bench/results/, to be committed; not with --quick')
      .option('--json', 'print the results as JSON; progress goes to standard error either way')
      .addOption(
        new Option(
          '--scale <scale>',
          'size of the data, instead of what each claim is stated for (or SCALE=…)',
        ).choices(scales),
      )
      .addHelpText('after', EXAMPLES)
      // Its options are its own, also those that have the same name here.
      .enablePositionalOptions()
      .helpCommand(false)
      .addCommand(finaleCommand(root))
      .action((name: string, flags: Flags) => act(root, name, flags))
  );
}

const EXAMPLES = `
Examples:
  pnpm bench stage-1                  all claims, a table and a report at the end
  pnpm bench stage-1 --quick          the headline claim within a minute and a half
  pnpm bench stage-1 --claim author   one claim
  pnpm bench stage-1 --scale small    on little data, for trying things out
  pnpm bench finale                   10,000 requests a second with 100,000 visitors connected
  pnpm bench finale --faults          five minutes at half of what is held, in which everything goes wrong once
  pnpm bench finale --rate 500 --visitors 500 --seconds 5    a try

Results go to .run/results/<stage>.<claim>.json, the report to .run/results/<stage>.html.
Exit status: 0 measured (a missed goal, too), 1 bad input, void or could not, 130 Ctrl-C.`;

async function act(root: string, name: string, flags: Flags): Promise<void> {
  const { quick = false, save = false, json = false, scale = scaleOf(process.env.SCALE) } = flags;
  if (quick && save)
    throw new BadInput('--save keeps figures for others, and those of --quick are rough: use one of the two');
  if (save && scale)
    throw new BadInput(
      '--save keeps figures for others, at the scale each claim is made for: leave out --scale and SCALE',
    );
  const [stage] = chosenStages(root, name);
  if (!stage) return;
  const claims = pickClaims(await loadClaims(stage), stage.name, flags.claim, quick);
  // Not before: the report's charts take half a second to load, which a typing mistake should not wait for.
  const { bench } = await import('./bench.ts');
  const end = endSignals(() => 1);
  try {
    await ensureSystemNeeds(stage.name, 'bench', { signal: end.signal });
    const sound = await bench({ root, stage, claims, quick, scale, save, json, signal: end.signal });
    if (!sound) process.exitCode = 1;
  } finally {
    end.release();
  }
}
