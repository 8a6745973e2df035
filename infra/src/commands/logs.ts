import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { BadInput } from '../bad-input.ts';
import { endSignals } from '../end-signals.ts';
import { type Choice, chosenEntries, isOfBox } from '../logs/chosen-entries.ts';
import { InstanceLogs } from '../logs/instance-logs.ts';
import { levels } from '../logs/levels.ts';
import type { LogEntry } from '../logs/log-entry.ts';
import { loggedInstance } from '../logs/logged-instance.ts';
import { type Shape, show } from '../logs/show-entries.ts';
import { showWay } from '../logs/show-way.ts';
import { since } from '../logs/since.ts';
import { runFolder } from '../run-folder.ts';
import { workspaceRoot } from '../workspace.ts';

const POLL_MS = 200;
/** nginx writes a line up to a second late. */
const LATE_MS = 1200;

interface LogsFlags extends Choice {
  follow?: boolean;
  json?: boolean;
  instance?: string;
}

const HELP = `
Without --request: the lines of all boxes since the instance was started, by time. With it: what each box did for that one
request, in the order they began; its id is in every answer's X-Request-Id, in every problem, and in each mail.
Logs of the run before are beside these, .run/<instance>/logs/<box>.previous.log.

Examples:
  pnpm logs --level warn --since 10m
  pnpm logs --request <id>              the id is in the answer's X-Request-Id
  pnpm logs --box app --follow`;

/** `day90 logs`: the logs of all boxes of an instance in one place. It need not be up. */
export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('show the logs of all boxes in one place, or the way of one request through them')
    .option('--request <id>', 'what each box did for this request', requestId)
    .addOption(new Option('--level <level>', 'this level and those above it').choices(levels))
    .option('--box <name>', 'of this box, or of all whose names begin so: app is app-1, app-2 …')
    .option('--since <time>', '30s, 10m, 2h, 1d ago, or a time such as 2026-03-01T03:00Z', since)
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C')
    .option('--json', 'print an object a line; with --request one object')
    .option('--instance <name>', 'name of the run; may be left out where only one is up')
    .addHelpText('after', HELP)
    .action(logs);
}

async function logs(flags: LogsFlags): Promise<void> {
  // `| head` ends before this does, and that is no failure.
  process.stdout.on('error', () => process.exit(0));
  const workspace = workspaceRoot();
  const instance = loggedInstance(workspace, flags.instance);
  const folder = runFolder(workspace, instance).logs;
  const shape = { json: flags.json ?? false, names: checkedNames(folder, instance, flags.box) };
  if (flags.follow) await follow(folder, flags, shape);
  else if (flags.request === undefined) show(chosenEntries(new InstanceLogs(folder, 'start'), flags), shape);
  else showWay(await allOf(flags.request, folder, flags, instance), { workspace, instance, json: shape.json });
}

/** @throws {BadInput} When no box has that name. */
function checkedNames(folder: string, instance: string, box: string | undefined): string[] {
  const { names } = new InstanceLogs(folder, 'start');
  if (box !== undefined && !names.some((name) => isOfBox(name, box)))
    throw new BadInput(`no box ${JSON.stringify(box)} in ${instance}; there are ${names.join(', ')}`);
  return names;
}

async function follow(folder: string, flags: LogsFlags, shape: Shape): Promise<void> {
  const ends = endSignals(() => 0);
  try {
    const files = new InstanceLogs(folder, flags.since === undefined ? 'end' : 'start');
    for (;;) {
      show(chosenEntries(files, flags), shape);
      await sleep(POLL_MS, undefined, { signal: ends.signal });
    }
  } catch (error) {
    throw ends.signal.aborted ? ends.signal.reason : error;
  } finally {
    ends.release();
  }
}

/** Its lines, looked for once more where some may not be written yet. */
async function allOf(id: string, folder: string, flags: LogsFlags, instance: string): Promise<LogEntry[]> {
  const look = () => [...chosenEntries(new InstanceLogs(folder, 'start'), flags)];
  let found = look();
  if ((found.at(-1)?.at ?? Date.now()) > Date.now() - LATE_MS) {
    await sleep(LATE_MS);
    found = look();
  }
  if (found.length > 0) return found;
  throw new BadInput(
    `no line of request ${id} in ${instance}; what was asked before its last start is in ${folder}/*.previous.log`,
  );
}

function requestId(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('An id is letters, digits, _ and -, as an answer has it in X-Request-Id.');
}
