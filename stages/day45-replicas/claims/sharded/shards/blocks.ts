import { setTimeout as sleep } from 'node:timers/promises';
import { blockProblems, type DuetArm, type PairedBlock, watchHost } from '@day90/bench';
import type { Writing } from './writers.ts';

const SLICE_MS = 100;
/** Slices of one second, as the labels of the A/A are dealt out: a b b a … */
const LABELS = [0, 1, 1, 0];

/** One block of both arms. */
export interface WriteBlock extends PairedBlock {
  problems: string[];
}

/** An arm and those who write to it. */
export interface LoadedArm extends Pick<DuetArm, 'label' | 'boxes'> {
  writing: Writing;
}

/** Counts what both arms commit in a block, and what their boxes used meanwhile. */
export async function oneBlock(arms: readonly LoadedArm[], seconds: number): Promise<WriteBlock> {
  const idle = watchHost();
  const startedAt = performance.now();
  const usage = arms.map(({ boxes }) => boxes.map((box) => box.usage()));
  const first = arms.map(({ writing }) => writing.count());
  const labels: [number, number] = [0, 0];
  const after = arms.at(-1) as LoadedArm;
  for (let slice = 0; slice < (seconds * 1000) / SLICE_MS; slice += 1) {
    const before = after.writing.count();
    await sleep(SLICE_MS);
    labels[LABELS[slice % LABELS.length] as 0 | 1] += after.writing.count() - before;
  }
  const ms = performance.now() - startedAt;
  const counts = arms.map(({ writing }, i) => writing.count() - (first[i] as number));
  const hostIdle = idle();
  const problems = arms.flatMap(({ label, boxes }, i) => {
    const used = boxes.map((box, at) => {
      const cpuMicros = box.usage().cpuMicros - (usage[i]?.[at]?.cpuMicros ?? 0);
      return { name: box.name, cpuMicros, used: cpuMicros / (ms * 1000), throttled: 0 };
    });
    return blockProblems({ label, boxes }, { boxes: used, hostIdle, answered: counts[i] as number });
  });
  const [one = 0, three = 0] = counts.map((count) => (count / ms) * 1000);
  return { before: one, after: three, aa: labels, problems: [...new Set(problems)] };
}
