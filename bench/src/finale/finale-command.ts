import { BadInput, endSignals, ensureSystemNeeds, type Scale, scales } from '@day90/infra';
import { Command, InvalidArgumentError, Option } from 'commander';
import { scaleOf } from '../run/scale-of.ts';
import type { FinaleSize } from './load-finale.ts';

interface Flags extends Partial<FinaleSize> {
  faults?: boolean;
  save?: boolean;
  json?: boolean;
  scale?: Scale;
}

/** `pnpm bench finale`: exit status as that of a bench. */
export function finaleCommand(root: string): Command {
  return new Command('finale')
    .description('The whole promise at once: 10,000 requests a second for a minute with 100,000 visitors connected.')
    .option('--faults', 'five minutes at half of what is held, in which everything goes wrong once')
    .option('--rate <number>', 'requests a second', upTo(100_000))
    .option('--visitors <number>', 'connections that are open meanwhile and idle', upTo(1_000_000))
    .option('--seconds <number>', 'how long', upTo(600))
    .option('--save', 'also keep the result in bench/results/, to be committed; not with another size or scale')
    .option('--json', 'print the result as JSON; progress goes to standard error either way')
    .addOption(new Option('--scale <scale>', 'size of the data, instead of medium (or SCALE=…)').choices(scales))
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => act(root, flags));
}

const EXAMPLES = `
Examples:
  pnpm bench finale                                             takes six minutes, and all of the machine
  pnpm bench finale --rate 500 --visitors 500 --seconds 5       a try; no goal is judged
  pnpm bench finale --faults                                    with its error budget, and where each failure came from

Linux only. The result goes to .run/results/, the report to .run/results/finale.html or finale-faults.html.`;

function upTo(most: number): (text: string) => number {
  return (text) => {
    const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > most) throw new InvalidArgumentError(`A whole number from 1 to ${most} is wanted.`);
    return number;
  };
}

async function act(root: string, flags: Flags): Promise<void> {
  const { faults = false, save = false, json = false, scale = scaleOf(process.env.SCALE), ...rest } = flags;
  const { rate, visitors, seconds } = rest;
  const wanted = { ...(rate && { rate }), ...(visitors && { visitors }), ...(seconds && { seconds }) };
  if (save && (scale || Object.keys(wanted).length > 0))
    throw new BadInput(
      '--save keeps figures for others, at the size that is promised: leave out --rate, --visitors, --seconds, --scale and SCALE',
    );
  const { loadFinale } = await import('./load-finale.ts');
  const { stage, claim } = await loadFinale(root, { faults, wanted });
  const { bench } = await import('../run/bench.ts');
  const end = endSignals(() => 1);
  try {
    await ensureSystemNeeds(stage.name, 'bench', { signal: end.signal });
    const run = { root, stage, claims: [claim], quick: false, scale, save, json, signal: end.signal };
    const title = faults ? 'The finale, with everything going wrong once' : 'The finale: all of the promise at once';
    if (!(await bench({ ...run, report: { name: claim.id, title } }))) process.exitCode = 1;
  } finally {
    end.release();
  }
}
