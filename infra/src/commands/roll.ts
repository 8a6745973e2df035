import type { Command } from 'commander';
import { replicatedBox } from '../box-names.ts';
import { control } from '../control-client.ts';
import { loadTopology } from '../load-topology.ts';
import { stderrProgress } from '../progress.ts';
import { instanceName } from '../topology.ts';
import { workspaceRoot } from '../workspace.ts';

interface RollFlags {
  box?: string;
  force?: boolean;
  instance?: string;
}

const EXAMPLES = `
Examples:
  pnpm --filter stage-3 roll
  pnpm --filter stage-6 roll --box worker`;

/** `day90 roll`: restarts the replicas of an instance that is up, one after the other. */
export function addRoll(program: Command): void {
  program
    .command('roll')
    .description('restart the replicas of a running topology, one after the other')
    .argument('<topology.ts>', 'module that exports the topology')
    .option('--box <name>', 'which box; may be left out where only one has replicas')
    .option('--force', 'also where there is only one, and so an outage')
    .option('--instance <name>', 'name of the run, where it was started under another than the usual one')
    .addHelpText('after', EXAMPLES)
    .action(roll);
}

async function roll(file: string, flags: RollFlags): Promise<void> {
  const { topology, folder } = await loadTopology(file);
  const { of } = replicatedBox(topology, flags.box);
  const instance = flags.instance ?? instanceName(topology);
  const { force = false } = flags;
  await control(workspaceRoot(folder), instance, { do: 'roll', box: of, force }, stderrProgress());
  console.log(`every box of ${of} in ${instance} was restarted`);
}
