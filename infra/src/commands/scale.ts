import { type Command, InvalidArgumentError } from 'commander';
import { replicatedBox } from '../box-names.ts';
import { control } from '../control-client.ts';
import { loadTopology } from '../load-topology.ts';
import { stderrProgress } from '../progress.ts';
import { checkCount } from '../scale-bounds.ts';
import { instanceName } from '../topology.ts';
import { workspaceRoot } from '../workspace.ts';

interface ScaleFlags {
  box?: string;
  instance?: string;
}

const EXAMPLES = `
Examples:
  pnpm --filter stage-3 scale 5
  pnpm --filter stage-6 scale worker=3`;

/** `day90 scale`: more or fewer replicas in an instance that is up. */
export function addScale(program: Command): void {
  program
    .command('scale')
    .description('change how many replicas a running topology has')
    .argument('<topology.ts>', 'module that exports the topology')
    .argument('<n>', 'how many there are to be, or of which box: worker=3', wanted)
    .option('--box <name>', 'which box, where <n> names none; may be left out where only one has replicas')
    .option('--instance <name>', 'name of the run, where it was started under another than the usual one')
    .addHelpText('after', EXAMPLES)
    .action(scale);
}

/** So many replicas, of this box where it is named. */
interface Wanted {
  box: string | undefined;
  count: number;
}

async function scale(file: string, { box: named, count }: Wanted, flags: ScaleFlags): Promise<void> {
  const { topology, folder } = await loadTopology(file);
  const { of, box } = replicatedBox(topology, named ?? flags.box);
  checkCount(of, box, count);
  const instance = flags.instance ?? instanceName(topology);
  await control(workspaceRoot(folder), instance, { do: 'scale', box: of, count }, stderrProgress());
  console.log(`${instance} has ${count} ${count === 1 ? 'box' : 'boxes'} of ${of}`);
}

function wanted(text: string): Wanted {
  const [, box, number = ''] = /^(?:([^=]+)=)?(.*)$/.exec(text) ?? [];
  const count = Number(number);
  if (number.trim() === '' || !Number.isInteger(count))
    throw new InvalidArgumentError('A whole number is needed, such as 3, or worker=3.');
  return { box, count };
}
