import { setTimeout as sleep } from 'node:timers/promises';
import { boxRssBytes, type Instance } from '@day90/infra';
import { type DrillRun, phasesOf } from './drill-run.ts';
import type { PhaseTimes } from './records.ts';
import type { StageRig } from './stage-rig.ts';

/** A fault, or its healing, may take so many times as long as the drill says, and this in any case, in milliseconds. */
const [TIMES, LEAST_LONGEST_MS] = [2, 60_000];

/** Steady, fault, healed. What the fault itself throws is the drill's own finding; Ctrl-C is not. */
export async function throughPhases(
  { drill, quick, mutate, onProgress }: DrillRun,
  rig: StageRig,
  signal: AbortSignal,
) {
  const { warmUp, steady, healed } = phasesOf(drill, quick);
  const breakIt = (mutate && drill.mutation.fault) || drill.fault;
  onProgress('steady');
  await rig.sleep(warmUp * 1000);
  await drill.rehearse?.(rig);
  const steadyAt = rig.now();
  await rig.sleep(steady * 1000);
  const before = memory(rig.instance);
  const faultAt = rig.now();
  const longestMs = Math.max(LEAST_LONGEST_MS, TIMES * drill.faultSeconds * 1000);
  let trouble: string | undefined;
  try {
    onProgress('fault');
    await inTime(breakIt(rig), longestMs, signal);
    await inTime(drill.heal(rig), longestMs, signal);
  } catch (error) {
    signal.throwIfAborted();
    trouble = error instanceof Error ? error.message : String(error);
  }
  const healedAt = rig.now();
  onProgress('healed');
  if (trouble === undefined) await rig.sleep(healed * 1000);
  const times: PhaseTimes = { steadyAt, faultAt, healedAt, endAt: rig.now() };
  return { times, rss: { before, after: memory(rig.instance) }, trouble };
}

/** A fault that hangs must hold neither Ctrl-C nor the drills after it. */
async function inTime(work: Promise<void>, longestMs: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const over = sleep(longestMs, undefined, { signal: AbortSignal.any([signal, done.signal]) }).then(() => {
    throw new Error(`it took longer than ${longestMs / 1000} s`);
  });
  try {
    await Promise.race([work, over]);
  } finally {
    done.abort();
    over.catch(() => undefined);
    work.catch(() => undefined);
  }
}

/** Resident memory of each box's own process, in bytes. */
function memory(instance: Instance): Map<string, number> {
  return new Map(
    instance.ready.boxes.flatMap(({ name, pid }) => {
      try {
        return [[name, boxRssBytes(pid)]];
      } catch {
        return []; // it ended this moment: other checks say so
      }
    }),
  );
}
