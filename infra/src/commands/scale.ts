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

/** `day90 scale`: more or fewer replicas in an instance that is up. */
export function addScale(program: Command): void {
  program
    .command('scale')
    .description('change how many replicas a running topology has')
    .argument('<topology.ts>', 'module that exports the topology')
    .argument('<n>', 'how many there are to be', wholeNumber)
    .option('--box <name>', 'which box; may be left out where only one has replicas')
    .option('--instance <name>', 'name of the run, where it was started under another than the usual one')
    .action(scale);
}

async function scale(file: string, count: number, flags: ScaleFlags): Promise<void> {
  const { topology, folder } = await loadTopology(file);
  const { of, box } = replicatedBox(topology, flags.box);
  checkCount(of, box, count);
  const instance = flags.instance ?? instanceName(topology);
  await control(workspaceRoot(folder), instance, { do: 'scale', box: of, count }, stderrProgress());
  console.log(`${instance} has ${count} ${count === 1 ? 'box' : 'boxes'} of ${of}`);
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (text.trim() === '' || !Number.isInteger(count))
    throw new InvalidArgumentError('A whole number is needed, such as 3.');
  return count;
}
