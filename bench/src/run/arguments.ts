import { BadInput, type Scale, scales } from '@day90/infra';
import { Command, CommanderError, Option } from 'commander';

/** What a bench was asked to do. */
export interface BenchArguments {
  stage: string;
  claim?: string;
  quick: boolean;
  save: boolean;
  json: boolean;
  scale?: Scale;
}

/**
 * Reads the command line.
 * @returns `undefined` when only help was asked for and has been printed.
 * @throws {BadInput} One line: what is wrong, and what is allowed.
 */
export function readArguments(
  argv: string[],
  env: NodeJS.ProcessEnv,
  stageNames: string[],
): BenchArguments | undefined {
  const command = describe(stageNames);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new BadInput(`${error.message.replace(/^error: /, '').replace(/\n/g, ' ')}; see pnpm bench --help`);
  }
  const flags = command.opts<{ claim?: string; quick?: boolean; save?: boolean; json?: boolean; scale?: Scale }>();
  const scale = flags.scale ?? scaleOf(env.SCALE);
  if (flags.quick && flags.save) {
    throw new BadInput(
      '--save keeps figures for others to read, and those of --quick are too rough: leave one of them out',
    );
  }
  return {
    stage: command.args[0] as string,
    ...{ quick: flags.quick === true, save: flags.save === true, json: flags.json === true },
    ...(flags.claim !== undefined && { claim: flags.claim }),
    ...(scale && { scale }),
  };
}

function scaleOf(text: string | undefined): Scale | undefined {
  if (!text) return undefined;
  const scale = scales.find((known) => known === text);
  if (!scale) throw new BadInput(`SCALE=${text}: must be one of ${scales.join(', ')}`);
  return scale;
}

function describe(stageNames: string[]): Command {
  return new Command('pnpm bench')
    .description('Measures what a stage claims: both sides up at the same time, under the same load.')
    .argument('<stage>', `the stage to measure: ${stageNames.join(', ')}`)
    .option('--claim <name>', 'one claim only; without it all of them, the headline first')
    .option('--quick', 'the headline claim alone, in fewer blocks: under a minute, with a wider interval')
    .option('--save', 'also keep the results in bench/results/, to be committed; not with --quick')
    .option('--json', 'print the results as JSON; progress goes to standard error either way')
    .addOption(
      new Option('--scale <scale>', 'size of the data instead of what each claim is stated for').choices(scales),
    )
    .addHelpText(
      'after',
      `
Examples:
  pnpm bench stage-1                  all claims, with a table and a report at the end
  pnpm bench stage-1 --quick          the headline claim in less than a minute
  pnpm bench stage-1 --claim author   one claim
  SCALE=small pnpm bench stage-1      on little data, for trying things out

Results go to .run/results/<stage>.<claim>.json, the report to .run/results/<stage>.html.
Exit status: 0 measured (a missed goal, too), 1 bad input, void or could not measure, 130 stopped by Ctrl-C.`,
    )
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
}
