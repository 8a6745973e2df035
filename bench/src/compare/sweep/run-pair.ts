import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Guardian, Scale } from '@day90/infra';
import type { ArmUsage } from '../../run/arm-usage.ts';
import { generatorCeiling, LARGEST_SHARE } from '../../run/generator-ceiling.ts';
import { type K6Run, runK6 } from '../../run/k6-process.ts';
import { IdleSampler } from './idle-sampler.ts';
import { type ArmName, judgeStep, mayRise } from './judge-step.ts';
import type { PairRun, SweepStep } from './pair-run.ts';
import { type SweepPlan, turnsOf } from './sweep-plan.ts';
import { readTurns } from './turns.ts';
import { describeStage, followStage, type UpStage } from './up-stage.ts';

const SCRIPT = fileURLToPath(new URL('../../../k6/sweep.load.ts', import.meta.url));
/** Nobody waits longer, and whoever did would stand in the way of the next turn. */
const TIMEOUT_SECONDS = 4;
/** Below this the machine is full, and not the boxes (MEASURING rule 4). */
export const LEAST_IDLE = 0.15;

export interface PairOptions {
  plan: SweepPlan;
  scale: Scale;
  /** The k6 binary. */
  k6: string;
  /** An empty folder. */
  scratch: string;
  guardian: Guardian;
  signal: AbortSignal;
  /** What is done now, and how far the pair is, from 0 to 1. */
  onProgress: (line: string, done: number) => void;
}

/** Two stages that are up, loaded by turns at rising rates, each until it loses too many. */
export async function runPair(before: UpStage, after: UpStage, options: PairOptions): Promise<PairRun> {
  const { plan, scratch, onProgress } = options;
  const { k6, scale, guardian, signal } = options;
  const bare: K6Run = { k6, script: SCRIPT, csv: `${scratch}/k6.csv`, guardian, signal, env: { SCALE: scale } };
  onProgress('how much k6 can send here', 0);
  const ceiling = await generatorCeiling(bare, after.instance.url);
  const run = { ...bare, env: { ...bare.env, ...armsEnv(before, after, scratch) } };
  const usage = { before: followStage(before), after: followStage(after) };
  const steps: SweepStep[] = [];
  try {
    let arms: ArmName[] = ['before', 'after'];
    for (const [i, rate] of plan.rates.entries()) {
      if (arms.length === 0 || rate > LARGEST_SHARE * ceiling) break;
      onProgress(`${rate} requests a second`, i / plan.rates.length);
      const step = await loadAt(rate, arms, run, { plan, usage, csv: `${scratch}/k6.csv` });
      steps.push(step);
      arms = arms.filter((arm) => step[arm] && mayRise(step[arm]) && step[arm].hostIdle >= LEAST_IDLE);
    }
  } finally {
    usage.before.stop();
    usage.after.stop();
  }
  return {
    before: describeStage(before, usage.before.rssBytes),
    after: describeStage(after, usage.after.rssBytes),
    ...{ steps, ceiling, budgets: after.instance.ready.budgets },
  };
}

function armsEnv(before: UpStage, after: UpStage, scratch: string): Record<string, string> {
  const members = `${scratch}/members.json`;
  writeFileSync(members, JSON.stringify({ before: before.cookies, after: after.cookies }), { mode: 0o600 });
  const urls = { BEFORE: before.instance.url, AFTER: after.instance.url };
  return { ...urls, BEFORE_FAR: before.farUrl, AFTER_FAR: after.farUrl, MEMBERS: members };
}

async function loadAt(
  rate: number,
  arms: readonly ArmName[],
  run: K6Run,
  { plan, usage, csv }: { plan: SweepPlan; usage: Record<ArmName, ArmUsage>; csv: string },
): Promise<SweepStep> {
  const { turnSeconds, restSeconds } = plan;
  const env = {
    ...{ RATE: String(rate), TURNS: turnsOf(arms, plan.turns).join(','), TURN_SECONDS: String(turnSeconds) },
    ...{ REST_SECONDS: String(restSeconds), WARMUP_SECONDS: '0', TIMEOUT_SECONDS: String(TIMEOUT_SECONDS) },
  };
  const idle = new IdleSampler();
  try {
    await runK6({ ...run, env: { ...run.env, ...env } });
  } finally {
    idle.stop();
  }
  return judgeStep({
    ...{ rate, turnSeconds, turns: await readTurns(csv) },
    cpuBetween: (arm, from, to) => usage[arm].cpuBetween(from, to),
    idleBetween: (from, to) => idle.between(from, to),
  });
}
