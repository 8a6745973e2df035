import { lockHolder } from './lock.ts';
import { type ReadyFile, readReadyFile } from './ready-file.ts';
import { runFolder } from './run-folder.ts';

/** What is known of an instance from its folder. */
export type InstanceState =
  | { state: 'up'; launcherPid: number; ready: ReadyFile }
  | { state: 'starting'; launcherPid: number }
  | { state: 'down' };

/** Whether an instance is up. What a dead launcher left behind counts for nothing. */
export function instanceState(workspace: string, instance: string): InstanceState {
  const run = runFolder(workspace, instance);
  const holder = lockHolder(run.lock);
  if (!holder) return { state: 'down' };
  const ready = readReadyFile(run.ready);
  if (ready?.launcherPid !== holder.pid) return { state: 'starting', launcherPid: holder.pid };
  return { state: 'up', launcherPid: holder.pid, ready };
}
