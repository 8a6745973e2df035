import { mkdirSync, rmSync } from 'node:fs';
import { BadInput } from './bad-input.ts';
import { boxSettings, boxTexts } from './box-settings.ts';
import { Guardian } from './guardian-link.ts';
import type { Instance, LaunchOptions } from './instance.ts';
import { copyData, settleScale } from './instance-data.ts';
import { instanceState } from './instance-state.ts';
import { takeLock } from './lock.ts';
import { fillIn, type Surroundings, secretNames } from './placeholders.ts';
import { choosePorts } from './ports.ts';
import { type Progress, stderrProgress } from './progress.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import { RunningInstance } from './running-instance.ts';
import { secrets } from './secrets.ts';
import { defineTopology, instanceName, type Topology } from './topology.ts';
import { workspaceRoot } from './workspace.ts';

/**
 * Starts a topology and resolves when every box is ready. The launcher is the calling process; should it die without
 * `stop()`, its guardian ends the boxes.
 * @throws {BadInput} A taken port, an instance that is already up, a box that does not get ready, data of another scale.
 */
export async function launch(topology: Topology, options: LaunchOptions): Promise<Instance> {
  defineTopology(topology);
  options.signal?.throwIfAborted();
  const workspace = workspaceRoot(options.folder);
  const instance = options.instance ?? instanceName(topology);
  const run = runFolder(workspace, instance);
  mkdirSync(run.logs, { recursive: true });
  const lock = takeLock(run.lock);
  if ('holder' in lock) throw new BadInput(alreadyUp(workspace, instance, lock.holder.pid));
  const guardian = new Guardian();
  const leftovers = options.throwAway ? [run.root] : [run.ready, run.control];
  for (const path of leftovers) guardian.leftover(path);
  rmSync(run.ready, { force: true });
  const close = () => {
    lock.release();
    if (options.throwAway) rmSync(run.root, { recursive: true, force: true });
    guardian.bye();
  };
  try {
    const progress = options.onProgress ?? stderrProgress();
    const plan = await prepare(topology, { ...options, workspace, instance, run, progress });
    return await RunningInstance.start({ ...plan, topology, instance, run, guardian, progress, close, options });
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
  const { workspace, instance, run, progress } = given;
  const scale = settleScale(topology, instance, run, given.scale);
  const ports = await choosePorts(topology, given.ports ?? 'default');
  const boxes = Object.entries(topology.boxes);
  for (const name of Object.keys(given.env ?? {})) {
    if (!topology.boxes[name])
      throw new BadInput(`settings for box ${name}: boxes are ${boxes.map(([box]) => box).join(', ')}`);
  }
  const values = boxes.flatMap(([name, box]) => boxTexts(name, box, given.folder, given.env?.[name]));
  const around: Surroundings = {
    instance,
    data: run.data,
    logs: run.logs,
    ports,
    secrets: await secrets(workspace, secretNames(values)),
  };
  const settings = boxes.map(([name, box]) =>
    boxSettings(name, box, { run, folder: given.folder, env: given.env?.[name] ?? {}, around }),
  );
  const hello = (topology.hello ?? []).map((line) => fillIn(line, 'hello', around));
  await copyData(topology, run, { folder: given.folder, scale, onProgress: progress, signal: given.signal });
  return { scale, settings, hello };
}

function alreadyUp(workspace: string, instance: string, pid: number): string {
  const found = instanceState(workspace, instance);
  const where = found.state === 'up' ? `already up at ${found.ready.url}` : 'already starting';
  return `${instance} is ${where} (pid ${pid}): Ctrl-C in its terminal or \`kill ${pid}\` ends it; --instance <name> starts another beside it`;
}
