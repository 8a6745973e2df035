import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Guardian, requireTool, type Scale, type Stage } from '@day90/infra';
import type { Progress } from '../../run/progress.ts';
import { type Skipped, skippedFor } from '../skipped.ts';
import type { PairRun } from './pair-run.ts';
import { runPair } from './run-pair.ts';
import { StandingStages } from './standing-stages.ts';
import { pairSeconds, type SweepPlan } from './sweep-plan.ts';
import type { UpStage } from './up-stage.ts';

export interface SweepOptions {
  root: string;
  /** At least two, in order: each is swept beside the next one. */
  stages: readonly Stage[];
  plan: SweepPlan;
  scale: Scale;
  signal: AbortSignal;
  progress: Progress;
  /** A pair that an earlier run has finished. */
  finished(before: string, after: string): PairRun | undefined;
  /** Keeps a pair that is finished. */
  keep(pair: PairRun): void;
}

/** Pairs of neighbours, and what could not be run. */
export interface SweepRun {
  pairs: PairRun[];
  skipped: Skipped[];
  /** The version of k6. */
  k6: string;
}

/** The expected seconds of each pair that is left to do. */
export function sweepSeconds({ stages, plan, finished }: Pick<SweepOptions, 'stages' | 'plan' | 'finished'>): number[] {
  return neighbours(stages).flatMap(([a, b]) => (finished(a.name, b.name) ? [] : [pairSeconds(plan)]));
}

/**
 * Sweeps stages in pairs of neighbours, two of them up at a time. A stage that can't be run is left out, its neighbours then
 * are each other's.
 */
export async function runSweep(options: SweepOptions): Promise<SweepRun> {
  const { root, signal, progress } = options;
  mkdirSync(`${root}/.run`, { recursive: true });
  const scratch = mkdtempSync(`${root}/.run/scratch-`);
  const guardian = new Guardian();
  guardian.leftover(scratch);
  try {
    const k6 = await requireTool('k6', { onProgress: (line) => progress.step(`sweep: ${line}`), signal });
    return { ...(await sweepAll(options, { scratch, guardian, k6: k6.path })), k6: k6.version };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    guardian.bye();
  }
}

type Swept = Omit<SweepRun, 'k6'>;

interface Tools {
  scratch: string;
  guardian: Guardian;
  k6: string;
}

async function sweepAll(options: SweepOptions, tools: Tools): Promise<Swept> {
  const { stages, scale, signal, progress } = options;
  const standing = new StandingStages({ scale, signal, onProgress: (line) => progress.step(`sweep: ${line}`) });
  const run: Swept = { pairs: [], skipped: standing.skipped };
  let [last] = stages as [Stage];
  try {
    for (const stage of stages.slice(1)) {
      const known = options.finished(last.name, stage.name);
      if (known) run.pairs.push(known);
      else {
        const before = await standing.get(last);
        const after = await standing.get(stage);
        if (before && after) await sweepPair(before, after, { ...options, ...tools }, run);
        progress.next();
        if (before && !after) continue;
      }
      await standing.stop(last);
      last = stage;
    }
    return run;
  } finally {
    await standing.stopAll();
  }
}

async function sweepPair(before: UpStage, after: UpStage, options: SweepOptions & Tools, run: Swept): Promise<void> {
  const { progress, signal, keep } = options;
  const name = `${before.name} and ${after.name}`;
  const onProgress = (line: string, done: number) => {
    progress.done(done);
    progress.step(`sweep: ${name}, ${line}`);
  };
  try {
    const pair = await runPair(before, after, { ...options, onProgress });
    if (pair.steps.length === 0)
      throw new Error(`k6 can send ${pair.ceiling} requests a second here, too few for any rate`);
    run.pairs.push(pair);
    keep(pair);
  } catch (error) {
    signal.throwIfAborted();
    run.skipped.push(skippedFor(name, error));
  }
}

function neighbours(stages: readonly Stage[]): [Stage, Stage][] {
  return stages.slice(1).map((stage, i) => [stages[i] as Stage, stage]);
}
