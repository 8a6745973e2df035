import { BadInput, runProgram, table, workspaceRoot } from '@day90/infra';
import { Command } from 'commander';
import { z } from 'zod';
import { withQueues } from './queue-access.ts';
import { retryGivenUp } from './queue-retry.ts';
import { type GivenUp, givenUp, type QueueState, queueStates } from './queue-state.ts';

interface Flags {
  instance: string;
  json?: boolean;
  retry?: string;
}

const SHOWN = 10;

const command = new Command('queue')
  .description('shows how far the jobs of an instance are that is up')
  .option('--instance <name>', 'name of the run', 'stage-6')
  .option('--retry <id|all>', 'have a job that was given up done after all, or all of them')
  .option('--json', 'print it as JSON')
  .addHelpText('after', '\nExamples:\n  pnpm --filter stage-6 queue\n  pnpm --filter stage-6 queue --retry all')
  .action(async ({ instance, json, retry }: Flags) => {
    const workspace = workspaceRoot(process.cwd());
    if (retry === undefined) return look({ workspace, instance, json: json === true });
    const again = await tryAgain({ workspace, instance }, retry);
    console.log(json ? JSON.stringify({ schema: 1, again }, null, 2) : ['tried again:', ...again].join('\n'));
  });

async function look({ json, ...where }: { workspace: string; instance: string; json: boolean }): Promise<void> {
  const { states, failed } = await withQueues({ ...where, primary: false }, async (ask, queues) => ({
    states: await queueStates(ask, queues),
    failed: await givenUp(ask, SHOWN),
  }));
  console.log(json ? JSON.stringify({ schema: 1, queues: states, givenUp: failed }, null, 2) : inWords(states, failed));
}

async function tryAgain(where: { workspace: string; instance: string }, which: string): Promise<string[]> {
  const isAll = which === 'all';
  if (!isAll && !z.uuid().safeParse(which).success)
    throw new BadInput(`--retry takes all, or the id of a job that \`queue\` shows as given up, not ${which}`);
  const again = await withQueues({ ...where, primary: true }, (ask, queues) =>
    retryGivenUp(ask, queues, isAll ? undefined : which).catch((error: Error) => {
      throw new BadInput(`not all could be had tried again: ${error.message}`);
    }),
  );
  if (again.length === 0) throw new BadInput(isAll ? 'no job was given up' : `no job ${which} was given up`);
  return again;
}

function inWords(states: readonly QueueState[], failed: readonly GivenUp[]): string {
  const head = ['queue', 'in the outbox', 'handed over', 'at work', 'to be tried again', 'given up', 'oldest'];
  const rows = states.map(({ queue, outbox, handed, oldestMs, givenUp: up, jobs }) => {
    const numbers = [outbox, handed, jobs?.active ?? '?', jobs?.delayed ?? '?', up].map(String);
    return [queue, ...numbers, `${(oldestMs / 1000).toFixed(1)} s`];
  });
  const reasons = failed.map(({ failedAt, job, id, reason }) => [failedAt, job, id, reason]);
  const away = states.some(({ jobs }) => jobs === undefined)
    ? ['the queue is out of reach; jobs wait in the outbox']
    : [];
  const last = reasons.length > 0 ? [`given up last:\n${table(reasons)}`, 'have them tried again: --retry all'] : [];
  return [table([head, ...rows], ''), ...away, ...last].join('\n\n');
}

await runProgram(command);
