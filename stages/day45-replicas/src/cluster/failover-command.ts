import { runProgram, stderrProgress, workspaceRoot } from '@day90/infra';
import { Command } from 'commander';
import { failover } from './failover.ts';
import { RunningCluster } from './nodes.ts';

interface Flags {
  instance: string;
  to?: string;
  force?: boolean;
}

const command = new Command('failover')
  .description('makes a replica the primary of an instance that is up')
  .option('--instance <name>', 'name of the run', 'stage-4')
  .option('--to <node>', 'which replica, such as db-3; the one that has received the most unless told')
  .option('--force', 'also where something that was acknowledged would be lost')
  .addHelpText('after', '\nExamples:\n  pnpm --filter stage-4 failover\n  pnpm --filter stage-4 failover --to db-3')
  .action(async ({ instance, to, force = false }: Flags) => {
    const cluster = await RunningCluster.open(workspaceRoot(process.cwd()), instance);
    const { from, to: next, lostBytes } = await failover(cluster, { to, force }, stderrProgress());
    console.log(`${next} is the primary of ${instance} now`);
    if (from === undefined) return;
    const lost = `${lostBytes.toLocaleString('en')} bytes at most of what ${from} had written did not get to ${next}`;
    console.log(
      `${lost}. That is read off its disk, which is at hand here; after the loss of a machine nobody can tell.`,
    );
  });

await runProgram(command);
