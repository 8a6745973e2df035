import { mkdirSync, rmSync } from 'node:fs';
import { BadInput } from './bad-input.ts';
import { noBudgets, openBudgets } from './budgets.ts';
import { Guardian } from './guardian-link.ts';
import type { Instance, LaunchOptions } from './instance.ts';
import { copyData, reachableRun, settleScale } from './instance-data.ts';
import { instanceState } from './instance-state.ts';
import { keptCounts } from './kept-counts.ts';
import { takeLock } from './lock.ts';
import { type Progress, stderrProgress } from './progress.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import { RunPlan } from './run-plan.ts';
import { RunningInstance } from './running-instance.ts';
import { type ScaledBox, scaledTopology } from './scaled-topology.ts';
import { inPlainWords } from './system-errors.ts';
import { isTool, requireTool } from './tools.ts';
import { defineTopology, instanceName, type Topology } from './topology.ts';
import { handOver } from './unprivileged.ts';
import { workspaceRoot } from './workspace.ts';

/**
 * Starts a topology and resolves when every box is ready. The launcher is the calling process; should it die without
 * `stop()`, its guardian ends the boxes.
 * @throws {BadInput} A taken port, an instance that is already up, a box that does not get ready, data of another scale,
 *   an option or a count that is not possible, a full disk.
 */
export async function launch(topology: Topology, options: LaunchOptions): Promise<Instance> {
  defineTopology(topology);
  options.signal?.throwIfAborted();
  const workspace = workspaceRoot(options.folder);
  const instance = options.instance ?? instanceName(topology);
  const { autoscale } = options;
  const planned = autoscale ? scaledTopology(topology, autoscale) : { topology };
  return inPlainWords(runFolder(workspace, instance).root, () => start(planned, { ...options, workspace, instance }));
}

async function start(
  { topology, scaled }: { topology: Topology; scaled?: ScaledBox },
  given: LaunchOptions & { workspace: string; instance: string },
) {
  const { workspace, instance, throwAway } = given;
  const run = reachableRun(topology, workspace, runFolder(workspace, instance));
  mkdirSync(run.logs, { recursive: true });
  const lock = takeLock(run.lock);
  if ('holder' in lock) throw new BadInput(alreadyUp(workspace, instance, lock.holder.pid), { code: 'D90-ALREADY-UP' });
  const guardian = new Guardian();
  const leftovers = throwAway ? [run.root, run.elsewhere] : [run.ready, run.control];
  for (const path of leftovers) guardian.leftover(path);
  let budgets = noBudgets;
  const close = () => {
    budgets.close();
    lock.release();
    if (throwAway) for (const path of leftovers) rmSync(path, { recursive: true, force: true });
    guardian.bye();
  };
  try {
    if (given.budgets !== false && Object.values(topology.boxes).some((box) => box.cpu !== undefined))
      budgets = openBudgets(instance);
    for (const path of budgets.folders) guardian.leftover(path);
    rmSync(run.ready, { force: true });
    const progress = given.onProgress ?? stderrProgress();
    const { plan, scale } = await prepare(topology, { ...given, run, progress });
    return await RunningInstance.start({
      plan,
      instance,
      run,
      scale,
      guardian,
      budgets,
      progress,
      close,
      options: given,
      scaled,
    });
  } catch (error) {
    await guardian.endAll();
    close();
    throw error;
  }
}

/** All that can be found wrong without starting a process comes first, the data (which takes longest) last. */
async function prepare(
  topology: Topology,
  given: LaunchOptions & { workspace: string; instance: string; run: RunFolder; progress: Progress },
) {
  const { instance, run, progress, folder, signal } = given;
  const scale = settleScale(topology, instance, run, given.scale);
  const replicas = { ...keptCounts(topology, run), ...given.replicas };
  const plan = await RunPlan.make(topology, { ...given, replicas });
  for (const [program = ''] of plan.settings.map(({ argv }) => argv))
    if (isTool(program)) await requireTool(program, { onProgress: progress, signal });
  await copyData(topology, run, { folder, scale, onProgress: progress, signal });
  if (plan.settings.some(({ user }) => user)) handOver(run.data);
  return { plan, scale };
}

function alreadyUp(workspace: string, instance: string, pid: number): string {
  const found = instanceState(workspace, instance);
  const where = found.state === 'up' ? `already up at ${found.ready.url}` : 'already starting';
  return `${instance} is ${where} (pid ${pid}): Ctrl-C in its terminal or \`kill ${pid}\` ends it; --instance <name> starts another beside it`;
}
