import { allStages, BadInput } from '@day90/infra';
import { Command, InvalidArgumentError, Option } from 'commander';
import { referenceFolder } from '../figures/reference-results.ts';
import { benchCommand } from '../run/bench-command.ts';
import { type Plan, planFor } from './plan.ts';
import type { StagePlan } from './plan-stage.ts';
import { renderPlan } from './plan-table.ts';
import { priceListNames, readPriceList } from './prices.ts';
import { DEFAULTS, type Workload } from './workload.ts';

interface Flags {
  users: number;
  requests: number;
  peak: number;
  reads: number;
  answerKb: number;
  rowKb: number;
  use: number;
  pause: number;
  prices: string;
  stage?: string;
  yours?: boolean;
  check?: boolean;
  json?: boolean;
}

/**
 * `pnpm plan`. Its exit status: 0 planned, also where no stage carries it; 1 bad input or, with `--check`, void or could not.
 * @param root - The workspace's root folder.
 */
export function planCommand(root: string): Command {
  const { users, requestsPerUser, peakFactor, readShare, answerKb, rowKb, utilisation, pauseSeconds } = DEFAULTS;
  return new Command('pnpm plan')
    .description(
      'Plans for so many users: requests a second, machines of each kind, what they cost, the smallest stage.',
    )
    .option('--users <number>', 'people a day', above(0), users)
    .option('--requests <number>', 'requests of each of them a day', above(0), requestsPerUser)
    .option('--peak <factor>', 'how much more comes at the busiest time than on average', above(1, true), peakFactor)
    .option('--reads <share>', 'share of requests that only read, such as 0.9 or 90%', share(true), readShare)
    .option('--answer-kb <number>', 'size of an average answer', above(0), answerKb)
    .option('--row-kb <number>', 'what a write leaves in the database', above(0, true), rowKb)
    .option('--use <share>', "share of a machine's CPU to use at the peak", share(false), utilisation)
    .option('--pause <seconds>', "from an answer to the same visitor's next request", above(0, true), pauseSeconds)
    .addOption(new Option('--prices <list>', 'price list').choices(priceListNames()).default('aws'))
    .option('--stage <stage>', 'show the machines and the bill of this stage, instead of the smallest')
    .option(
      '--yours',
      'plan by what was measured on this machine (.run/results), and not by the results in the repository',
    )
    .option('--check', 'predict what 1, 2 and 3 boxes carry, then measure it (stage-3, two minutes)')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => act(root, flags));
}

const EXAMPLES = `
Examples:
  pnpm plan                              a million users a day
  pnpm plan --users 100000000            what lies beyond this design
  pnpm plan --reads 50% --stage stage-4  a site that writes a lot, on replicas
  pnpm plan --prices guide               by the guide's table of a month
  pnpm plan --check                      is it any good? it predicts before it measures

What a request costs is measured: pnpm bench <stage> --claim demands. Exit status: 0 planned, 1 bad input or could not.`;

async function act(root: string, flags: Flags): Promise<void> {
  if (flags.check) return void (await check(root, flags));
  const plan = planned(root, flags);
  const shown = shownStage(plan, flags.stage);
  if (flags.json) return void process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
  const { stdout, env } = process;
  const columns = Math.min(120, Math.max(60, stdout.columns ?? 100));
  stdout.write(renderPlan(plan, shown, { color: stdout.isTTY === true && !env.NO_COLOR, columns }));
}

/** The claim of stage 3 that says what it will find, and then looks. */
async function check(root: string, { json }: Flags): Promise<void> {
  const args = ['stage-3', '--claim', 'prediction', ...(json ? ['--json'] : [])];
  await benchCommand(root).parseAsync(args, { from: 'user' });
}

function planned(root: string, flags: Flags): Plan {
  const { users, requests, peak, reads, answerKb, rowKb, use, pause } = flags;
  const load: Workload = {
    ...{ users, requestsPerUser: requests, peakFactor: peak, readShare: reads, answerKb, rowKb },
    ...{ utilisation: use, pauseSeconds: pause },
  };
  try {
    const folder = flags.yours ? `${root}/.run/results` : referenceFolder(root);
    return planFor(load, readPriceList(flags.prices), allStages(root), folder);
  } catch (error) {
    throw new BadInput((error as Error).message, { code: 'D90-NO-RESULTS' });
  }
}

function shownStage({ stages, smallest }: Plan, name: string | undefined): StagePlan | undefined {
  if (name === undefined) return smallest;
  const plan = stages.find(({ stage }) => stage === name);
  if (!plan) throw new BadInput(`no plan of ${name}; stages: ${stages.map(({ stage }) => stage).join(', ')}`);
  return plan.carries ? plan : undefined;
}

/** A finite number above a bound, or at it where that is allowed. */
function above(bound: number, orEqual = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const good = text.trim() !== '' && Number.isFinite(value) && (orEqual ? value >= bound : value > bound);
    if (!good)
      throw new InvalidArgumentError(`It must be a number ${orEqual ? `of ${bound} or more` : `above ${bound}`}.`);
    return value;
  };
}

/** `0.9` or `90%`; 0 only where that is allowed. */
function share(orNone: boolean): (text: string) => number {
  return (text) => {
    const value = /^[\d.]+\s*%$/.test(text) ? Number.parseFloat(text) / 100 : Number(text);
    const good = text.trim() !== '' && value <= 1 && (orNone ? value >= 0 : value > 0);
    if (!good)
      throw new InvalidArgumentError(
        `It must be a share from 0 to 1, or from 0% to 100%${orNone ? '' : ', and above 0'}.`,
      );
    return value;
  };
}
