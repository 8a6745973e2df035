import { mkdirSync } from 'node:fs';
import { BadInput, type EndSignals, endSignals, type Scale, type Stage, takeLock } from '@day90/infra';
import { environment } from '../run/environment.ts';
import { Progress } from '../run/progress.ts';
import type { ComparedStages } from './compared-stages.ts';
import { finish } from './finish.ts';
import { KeptRun } from './kept-run.ts';
import { ourLadder, ourResults, withYours } from './ladder.ts';
import { ourLadderText } from './ladder-text.ts';
import { ladderSeconds, plannedClaims, runLadder } from './run-ladder.ts';
import { runSweep, type SweepRun, sweepSeconds } from './sweep/run-sweep.ts';
import { type Sweep, sealSweep } from './sweep/sweep.ts';
import { sweepNotes } from './sweep/sweep-notes.ts';
import { sweepPlan } from './sweep/sweep-plan.ts';
import type { Output, Part } from './wishes.ts';

export interface CompareOptions {
  root: string;
  /** In order. */
  stages: Stage[];
  parts: Part[];
  full: boolean;
  resume: boolean;
  save: boolean;
  scale?: Scale | undefined;
  output: Output;
}

const SWEEP_SCALE: Scale = 'medium';

/**
 * Prints the committed ladder, measures this machine's and the sweep, writes the report, prints.
 * @returns Whether nothing is void or broken. What this system can't run is named, and no fault.
 * @throws The signal's reason when it is stopped, after saying what is kept.
 */
export async function compareStages(options: CompareOptions): Promise<boolean> {
  const { root } = options;
  mkdirSync(`${root}/.run`, { recursive: true });
  const lock = takeLock(`${root}/.run/compare.lock`);
  if ('holder' in lock)
    throw new BadInput(`pnpm compare is running already (pid ${lock.holder.pid}): one at a time`, {
      code: 'D90-ONE-AT-A-TIME',
    });
  try {
    return await compareAlone(options);
  } finally {
    lock.release();
  }
}

async function compareAlone(options: CompareOptions): Promise<boolean> {
  const { root, output } = options;
  const [env, ours] = [await environment(root), ourResults(root)];
  const kept = options.resume
    ? KeptRun.resume(root, env.commit)
    : KeptRun.begin(root, { ...wishOf(options), commit: env.commit }, (line) => console.error(line));
  const { wish } = kept;
  const stages = options.resume ? options.stages.filter(({ name }) => wish.stages.includes(name)) : options.stages;
  const ladder = await ourLadder(stages, ours);
  if (output === 'text' && wish.parts.includes('ladder')) process.stdout.write(`${ourLadderText(ladder)}\n`);
  const ends = endSignals(() => 1);
  try {
    const measured = await measure({ root, stages, kept, ends });
    const { results, sweep, skipped } = measured;
    const run: ComparedStages = {
      takenAt: new Date().toISOString(),
      ...{ full: wish.full, scale: wish.scale, env, skipped, yours: results, ours },
      ladder: withYours(ladder, measured),
      ...(sweep && { sweep: sealedSweep(sweep, wish, env) }),
    };
    finish(run, { root, stages, output, save: options.save });
    kept.end();
    return skipped.every(({ broken }) => !broken) && results.every(({ verdict }) => verdict !== 'void');
  } finally {
    ends.release();
  }
}

function wishOf({ parts, full, stages, scale }: CompareOptions) {
  return { parts, full, scale, stages: stages.map(({ name }) => name) };
}

interface Work {
  root: string;
  stages: Stage[];
  kept: KeptRun;
  ends: EndSignals;
}

async function measure({ root, stages, kept, ends: { signal } }: Work) {
  const { parts, full, scale } = kept.wish;
  const finished = kept.results;
  const { planned, skipped } = parts.includes('ladder')
    ? await plannedClaims(stages, full)
    : { planned: [], skipped: [] };
  const sweepOptions = { stages, plan: sweepPlan(full), finished: kept.pair.bind(kept) };
  const hasSweep = parts.includes('sweep') && stages.length > 1;
  const progress = new Progress();
  progress.plan([...ladderSeconds({ planned, full, finished }), ...(hasSweep ? sweepSeconds(sweepOptions) : [])]);
  const common = { root, signal, progress };
  try {
    const ladder = await runLadder({ ...common, planned, full, scale, finished, keep: (one) => kept.keepResult(one) });
    skipped.push(...ladder.skipped);
    if (!hasSweep) return { results: ladder.results, skipped };
    const keep = (pair: Parameters<KeptRun['keepPair']>[0]) => kept.keepPair(pair);
    const sweep = await runSweep({ ...common, ...sweepOptions, scale: scale ?? SWEEP_SCALE, keep });
    return { results: ladder.results, sweep, skipped: [...skipped, ...sweep.skipped] };
  } catch (error) {
    if (signal.aborted) progress.say('stopped; what was finished is kept: `npx -y pnpm compare --resume` goes on');
    throw error;
  } finally {
    progress.end();
  }
}

function sealedSweep(
  { pairs, skipped, k6 }: SweepRun,
  { full, scale }: KeptRun['wish'],
  env: ComparedStages['env'],
): Sweep {
  const budgets = pairs[0]?.budgets ?? 'none';
  return sealSweep({
    takenAt: new Date().toISOString(),
    ...{ full, pairs, skipped, notes: sweepNotes(sweepPlan(full)), generator: { name: 'k6', version: k6 } },
    env: {
      ...{ ...env, versions: { ...env.versions, k6 } },
      ...{ seed: 1, scale: scale ?? SWEEP_SCALE, budgets, throttled: 0 },
      raised: { LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '1000' },
    },
  });
}
