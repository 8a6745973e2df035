import { fileURLToPath } from 'node:url';
import { BadInput, control, endSignals, runProgram, secrets, stderrProgress, workspaceRoot } from '@day90/infra';
import { Command, InvalidArgumentError } from 'commander';
import { databaseUrl } from 'stage-3/loading';
import { UnknownMap } from './directory.ts';
import { type Resharded, reshard } from './reshard/reshard.ts';

const WORKSPACE = workspaceRoot(fileURLToPath(import.meta.url));

interface Flags {
  shards: number;
  instance: string;
}

const program = new Command('reshard')
  .description('move buckets to more shards while the instance serves')
  .requiredOption('--shards <n>', 'how many shards there are to be', wholeNumber)
  .option('--instance <name>', 'name of the run', 'stage-4-sharded')
  .addHelpText('after', '\nExample:\n  pnpm --filter stage-4 reshard --shards 4')
  .action(run);
if (import.meta.main) await runProgram(program);

async function run({ shards, instance }: Flags): Promise<void> {
  const say = stderrProgress();
  const ends = endSignals(() => 1);
  const known = await secrets(WORKSPACE, ['db-owner', 'db-app']);
  const passwords = { owner: known['db-owner'] as string, app: known['db-app'] as string };
  try {
    const result = await reshard({
      shards,
      say,
      signal: ends.signal,
      urlOf: async (shard) => databaseUrl('owner', passwords, await portOf(instance, shard)),
      grow: async (count) => void (await control(WORKSPACE, instance, { do: 'scale', box: 'shard', count }, say)),
    });
    console.log(inWords(shards, result));
  } catch (error) {
    if (ends.signal.aborted || error instanceof BadInput) throw error;
    if (error instanceof UnknownMap) throw new BadInput(`${instance}: ${error.message}`);
    const { message } = error as Error;
    throw new BadInput(`${instance}: ${message}; nothing is lost, and the same command goes on where this one was`, {
      code: 'D90-RESHARDING',
    });
  } finally {
    ends.release();
  }
}

async function portOf(instance: string, shard: number): Promise<number> {
  const { ready } = (await control(WORKSPACE, instance, { do: 'status' })) as {
    ready: { boxes: { name: string; port?: number }[] };
  };
  const port = ready.boxes.find(({ name }) => name === `shard-${shard}`)?.port;
  if (port === undefined)
    throw new BadInput(`${instance} has no box shard-${shard} that is up`, { code: 'D90-NOT-UP' });
  return port;
}

function inWords(shards: number, { buckets, rows, allRows, modulo, longestPauseMs }: Resharded): string {
  if (buckets === 0) return `all buckets are spread over ${shards} shards already`;
  const share = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;
  return [
    `${buckets} of 1024 buckets moved (${share(buckets, 1024)}), ${rows} of ${allRows} rows (${share(rows, allRows)})`,
    `id % ${shards} would have moved ${share(modulo.moved, modulo.of)} of the members`,
    `writes to a bucket waited ${longestPauseMs.toFixed(1)} ms at most`,
  ].join('\n');
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('A whole number is needed, such as 4.');
  return count;
}
