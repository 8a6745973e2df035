import { type Progress, seconds } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

/** Starts a box beside others that are at work already. @throws {BadInput} When it does not become ready. */
export async function startNew(supervisor: Supervisor, signal: AbortSignal, say: Progress): Promise<void> {
  const began = performance.now();
  await supervisor.box.start(signal);
  supervisor.watch(); // at once: one that dies while the others start must be seen to
  say(`${supervisor.box.settings.name} ready in ${seconds(performance.now() - began)}`);
}
