import type { Command } from 'commander';
import { memoryOf } from '../box-usage.ts';
import { control } from '../control-client.ts';
import { type InstanceState, instanceState } from '../instance-state.ts';
import { allProcesses, familyOf } from '../processes.ts';
import { instanceNames } from '../run-folder.ts';
import { table } from '../table.ts';
import { workspaceRoot } from '../workspace.ts';

const STATUS_SCHEMA = 1;

const EXAMPLES = `
Examples:
  pnpm status           what is up, with pids, addresses and memory
  pnpm status --json    the same for a script`;

/** `day90 status`: what of this checkout is up. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('list what is up')
    .option('--json', 'print it as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { json?: boolean }) => {
      const instances = await up(workspaceRoot());
      if (flags.json) console.log(JSON.stringify({ schema: STATUS_SCHEMA, instances }, null, 2));
      else
        console.log(
          instances.length > 0
            ? inWords(instances)
            : 'nothing is up; `npx -y pnpm --filter stage-1 start` starts the first stage',
        );
    });
}

type Up = Exclude<InstanceState, { state: 'down' }> & { instance: string; boxes: BoxStatus[]; memoryBytes: number };
type BoxStatus = BoxState & { memoryBytes: number };
type BoxState = { box: string; pid: number | null; state: string; restarts: number; held: boolean };

async function up(workspace: string): Promise<Up[]> {
  const found = instanceNames(workspace).map((instance) => ({ instance, ...instanceState(workspace, instance) }));
  const running = found.filter((one) => one.state !== 'down');
  const rows = allProcesses();
  return Promise.all(
    running.map(async (one) => {
      const states = one.state === 'up' ? await boxes(workspace, one.instance) : [];
      const own = states.map((state) => ({ ...state, memoryBytes: memoryOf(familyOf(state.pid, rows)) }));
      // All that came from the launcher: itself, its guardian, and whatever a box has started.
      return { ...one, boxes: own, memoryBytes: memoryOf(familyOf(one.launcherPid, rows)) };
    }),
  );
}

/** An instance may end between being found and being asked. */
async function boxes(workspace: string, instance: string): Promise<BoxState[]> {
  try {
    return (await control(workspace, instance, { do: 'status' })).boxes as BoxState[];
  } catch {
    return [];
  }
}

function inWords(instances: Up[]): string {
  return table(
    [
      ['instance', 'state', 'url', 'scale', 'launcher', 'memory', 'boxes'],
      ...instances.map((one) => [
        one.instance,
        one.state,
        one.state === 'up' ? one.ready.url : '',
        one.state === 'up' ? one.ready.scale : '',
        String(one.launcherPid),
        `${Math.round(one.memoryBytes / 1_000_000)} MB`,
        one.boxes.map(boxInWords).join(', '),
      ]),
    ],
    '',
  );
}

function boxInWords({ box, pid, state, restarts, held }: BoxStatus): string {
  const notes = [state, restarts > 0 ? `restarted ${restarts}×` : '', held ? 'held' : ''].filter(
    (note) => note !== '' && note !== 'up',
  );
  return [box, pid ?? '', notes.length > 0 ? `(${notes.join(', ')})` : ''].filter((part) => part !== '').join(' ');
}
