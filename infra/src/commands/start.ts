import { relative } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { BadInput } from '../bad-input.ts';
import { endSignals } from '../end-signals.ts';
import { ensureSystemNeeds } from '../ensure-system-needs.ts';
import type { Instance } from '../instance.ts';
import { launch } from '../launcher.ts';
import { loadTopology } from '../load-topology.ts';
import { coloursFor } from '../logs/colours.ts';
import { seconds, stderrProgress } from '../progress.ts';
import type { ReadyFile } from '../ready-file.ts';
import { openRoom } from '../room-process.ts';
import { runFolder } from '../run-folder.ts';
import type { Autoscale } from '../scaled-topology.ts';
import { table } from '../table.ts';
import { type Scale, scales, type Topology } from '../topology.ts';
import { workspaceRoot } from '../workspace.ts';
import { addTopologyFlags, givenOptions } from './topology-flags.ts';

interface StartFlags {
  scale?: Scale;
  portBase?: number;
  quiet?: boolean;
  room: boolean;
  instance?: string;
  autoscale?: Autoscale;
  [topologyOption: string]: unknown;
}

const HELP = `
Ports: without --port-base the topology's own. With --port-base 4000 the visitor's door is 4000, and every other port
follows in the topology's order: 4001, 4002 … Two instances with bases 100 apart never meet.
Data: seeded once per scale, copied for each instance and kept between starts; \`npx -y pnpm reset <instance>\` deletes it.
Boxes: with --autoscale their number follows their load, by CPU and, where the topology has a gauge for it, by how many of
their places are taken; each then has the budget that the topology keeps for that. \`day90 scale\` holds until the
next change of load.
Room: a page that draws what runs, at an address of its own; \`npx -y pnpm room\` opens it later.
Ends: Ctrl-C (exit code 130), SIGTERM, SIGHUP, or the end of what it was started from (exit code 0; 1 if it was not up yet).
A second Ctrl-C kills at once. Output of every process: .run/<instance>/logs/.

Examples:
  pnpm --filter stage-1 start --scale small
  pnpm --filter stage-3 start --balance=round-robin
  pnpm --filter stage-7 start --autoscale 2..6`;

/** `day90 start`: runs a topology until it is asked to end. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('run a topology until Ctrl-C')
    .argument('<topology.ts>', 'module that exports the topology')
    .addOption(new Option('--scale <scale>', 'size of the seeded data').choices(scales).env('SCALE'))
    .option('--port-base <n>', 'take the ports n, n+1 … instead of the usual ones', portBase)
    .option('--instance <name>', 'name of the run and of its folder in .run/')
    .option(
      '--autoscale [least..most]',
      'have the number of app boxes follow their load, such as 2..6; as the topology says without bounds',
      autoscale,
    )
    .option('--quiet', 'show nothing of what the processes write')
    .option('--no-room', 'do not open the control room, the page that draws what runs')
    .addHelpText('after', HELP)
    .action(start);
  addTopologyFlags(program, 'start');
}

async function start(file: string, flags: StartFlags): Promise<void> {
  const began = performance.now();
  let up = false;
  const ends = endSignals(() => (up ? 0 : 1));
  const progress = stderrProgress();
  // A terminal that was closed must not keep the boxes from being ended in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const { topology, folder } = await loadTopology(file);
    await ensureSystemNeeds(topology.stage, 'start', { onProgress: progress, signal: ends.signal });
    const instance = await launch(topology, {
      folder,
      instance: flags.instance,
      scale: flags.scale,
      ports: flags.portBase ?? 'default',
      quiet: flags.quiet,
      autoscale: flags.autoscale,
      options: givenOptions(topology, flags),
      onProgress: progress,
      signal: ends.signal,
    });
    up = true;
    console.log(welcome(instance, topology, folder, performance.now() - began));
    const room = flags.room ? openRoom(workspaceRoot(folder), instance.ready.instance) : undefined;
    await untilEnd(instance, ends.signal).finally(() => room?.close());
  } finally {
    ends.release();
  }
}

async function untilEnd(instance: Instance, signal: AbortSignal): Promise<void> {
  const asked = new Promise<'asked'>((resolve) => {
    signal.addEventListener('abort', () => resolve('asked'));
    if (signal.aborted) resolve('asked');
  });
  const why = await Promise.race([asked, instance.exited]);
  if (why !== 'asked') throw new BadInput(`${instance.ready.instance} ended: ${why}`, { code: 'D90-BOX-FAILED' });
  const began = performance.now();
  console.error(`ending ${instance.ready.instance} (${signal.reason.message}) …`);
  await instance.stop();
  console.error(`all of it ended in ${seconds(performance.now() - began)}`);
  throw signal.reason;
}

function welcome(instance: Instance, topology: Topology, folder: string, ms: number): string {
  const colours = coloursFor(process.stdout);
  const { ready } = instance;
  const workspace = workspaceRoot(folder);
  const rows = ready.boxes.map((box) => [
    box.name,
    box.role,
    String(box.pid),
    box.url ?? (box.port === undefined ? '' : `127.0.0.1:${box.port}`),
  ]);
  return [
    '',
    `${ready.instance} is up after ${seconds(ms)}, scale ${ready.scale}: ${colours.bold(instance.url)}`,
    '',
    table([['box', 'role', 'pid', 'address'], ...rows]),
    '',
    ...instance.hello,
    ...limits(topology, ready),
    `logs: ${relative(workspace, runFolder(workspace, ready.instance).logs)}/`,
    'Ctrl-C ends all of it',
    '',
  ].join('\n');
}

/** What of the topology the figures of this run depend on, and what of it this system can't do. */
function limits(topology: Topology, ready: ReadyFile): string[] {
  const wanted = Object.values(topology.boxes).some((box) => box.cpu !== undefined);
  const delays = ready.links.filter((link) => link.rttMs > 0);
  return [
    ...(wanted && ready.budgets === 'none' ? ['no CPU budgets on this system: boxes take what they can get'] : []),
    ...(ready.budgets === 'none' ? [] : [`CPU budgets by ${ready.budgets}`]),
    ...delays.map(({ from, to, rttMs }) => `${rttMs} ms of round-trip time between ${from} and ${to}`),
  ];
}

function autoscale(text: string): Autoscale {
  const [, least, most] = /^(\d{1,6})\.\.(\d{1,6})$/.exec(text) ?? [];
  if (most === undefined) throw new InvalidArgumentError('Two whole numbers are needed, such as 2..6.');
  return { least: Number(least), most: Number(most) };
}

function portBase(text: string): number {
  const base = Number(text);
  if (!Number.isInteger(base)) throw new InvalidArgumentError('A whole number is needed, such as 4000.');
  return base;
}
