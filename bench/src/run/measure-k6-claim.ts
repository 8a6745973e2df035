import type { Guardian, Scale } from '@day90/infra';
import { type K6Claim, type Measurement, type Quantity, resultBlocks } from '../claim.ts';
import type { Arm } from '../result.ts';
import { latencyOf } from '../statistics.ts';
import { accountingOf } from './accounting.ts';
import { ArmUsage } from './arm-usage.ts';
import { answersPerBlock, blockTimes } from './blocks.ts';
import { BudgetsUnderLoad } from './budgets-under-load.ts';
import { generatorCeiling } from './generator-ceiling.ts';
import { alsoRows, countQueries, type JudgedLoad, judgeLoad, type LoadRecord } from './judge-load.ts';
import { type ArmName, type LoadedArms, launchArms } from './k6-arms.ts';
import { type K6Run, runK6 } from './k6-process.ts';
import { readSamples } from './k6-samples.ts';
import { type LoadPlan, loadPlan, measuredSeconds } from './load-plan.ts';
import { coreShare, loadProblems } from './load-problems.ts';

export interface K6ClaimOptions {
  claim: K6Claim;
  /** The stage's folder. */
  folder: string;
  scale: Scale;
  /** Whether the goals count: not at another scale than they are stated for. */
  judged: boolean;
  quick: boolean;
  seed: number;
  /** An empty folder. */
  scratch: string;
  /** Tells this run's instances from those of another one. */
  id: string;
  k6: { path: string; version: string };
  guardian: Guardian;
  signal: AbortSignal;
  onProgress: (line: string) => void;
}

/** Runs one claim's load on both arms at once and says what its blocks show. Whatever happens, both arms are down afterwards. */
export async function measureK6Claim(options: K6ClaimOptions): Promise<Measurement> {
  const { claim, folder, scratch, signal } = options;
  const plan = loadPlan(options.quick, claim.blockSeconds);
  const arms = await launchArms(options);
  try {
    const urls = { before: arms.instances.before.url, after: arms.instances.after.url };
    const run: K6Run = {
      ...{
        k6: options.k6.path,
        script: `${folder}/${claim.script}`,
        csv: `${scratch}/k6.csv`,
        guardian: options.guardian,
        signal,
      },
      env: { SCALE: options.scale },
    };
    options.onProgress('how much k6 can send here');
    const ceiling = await generatorCeiling(run, urls.after);
    options.onProgress('both arms under load');
    const record = await load(run, arms, plan, claim);
    return summarize(options, plan, record, ceiling, arms);
  } finally {
    await arms.stop();
  }
}

async function load(run: K6Run, arms: LoadedArms, plan: LoadPlan, claim: K6Claim): Promise<LoadRecord> {
  const { before, after } = arms.instances;
  const usage = {
    before: ArmUsage.follow(before, claim.arms.before),
    after: ArmUsage.follow(after, claim.arms.after),
  };
  const budgets = new BudgetsUnderLoad([before, after], plan.warmupSeconds);
  const env = {
    ...run.env,
    ...{ BEFORE: before.url, AFTER: after.url },
    ...{ WARMUP_SECONDS: String(plan.warmupSeconds), SECONDS: String(measuredSeconds(plan)) },
  };
  const ended = new AbortController();
  void arms.exited.then((why) => ended.abort(new Error(why)));
  try {
    const onLine = (line: string) => budgets.heard(line);
    await runK6({ ...run, env, onLine, signal: AbortSignal.any([run.signal, ended.signal]) });
  } finally {
    budgets.end();
    usage.before.stop();
    usage.after.stop();
  }
  const samples = await readSamples(run.csv);
  return { samples, times: blockTimes(samples, plan.blockSeconds, plan.blocks), usage };
}

function summarize(
  { claim, judged, seed, k6 }: K6ClaimOptions,
  plan: LoadPlan,
  record: LoadRecord,
  ceiling: number,
  arms: LoadedArms,
): Measurement {
  const rows = judgeLoad(record, claim.metrics, { plan, judged, seed });
  const [main] = rows as [JudgedLoad, ...JudgedLoad[]];
  const accounting = accountingOf(record.samples);
  const rate = accounting.offered / (plan.warmupSeconds + measuredSeconds(plan));
  const queries = claim.queries ? countQueries(record.samples, claim.queries) : { problems: [] };
  return {
    ...{ metric: main.quantity.metric, unit: main.unit, comparison: main.comparison },
    arms: (['before', 'after'] as const).map((name) => armOf(name, claim.arms[name].label, record)),
    also: alsoRows(rows),
    counts: queries.count ? [queries.count] : [],
    accounting,
    generator: { name: 'k6', version: k6.version, rate, ceiling },
    blocks: resultBlocks(main.blocks, plan.blockSeconds, main.comparison.warmupBlocks),
    blockSeconds: plan.blockSeconds,
    notes: [...notes(claim, record, plan), ...unsaid(rows)],
    voidBecause: [...loadProblems(record, accounting, { rate, ceiling }), ...queries.problems],
    budgets: arms.instances.after.ready.budgets,
  };
}

function armOf(name: ArmName, label: string, record: LoadRecord): Arm {
  const { samples, times, usage } = record;
  const answers = answersPerBlock(samples, name, times).reduce((sum, n) => sum + n, 0);
  const seconds = times.seconds * times.count;
  const until = times.start + seconds * 1e6;
  const latencies = samples.series.http_req_duration?.[name]?.value ?? [];
  return {
    name,
    label,
    ...(latencies.length > 0 && { latency: latencyOf(latencies) }),
    rate: answers / seconds,
    ...(answers > 0 && { cpuPerRequestUs: (coreShare(record, name) * seconds * 1e6) / answers }),
    rssBytes: usage[name].rssBytes,
    boxes: usage[name].between(times.start, until),
  };
}

/** A further quantity that is void does not make the claim void; why it is stands here. */
function unsaid(rows: JudgedLoad[]): string[] {
  return rows
    .slice(1)
    .flatMap(({ quantity, comparison: { why } }) => (why ? [`No figure for ${quantity.metric}: ${why}.`] : []));
}

function notes(claim: K6Claim, record: LoadRecord, plan: LoadPlan): string[] {
  const busy = (arm: ArmName) => `${Math.round(coreShare(record, arm) * 100)} %`;
  return [
    'Both arms were up and loaded at the same time by one open-model k6 script; arrivals kept their rate whatever the answers did.',
    `Warm-up ${plan.warmupSeconds} s, then ${plan.blocks} blocks of ${plan.blockSeconds} s; of each block counts the ${counted(claim.metrics)}.`,
    'A/A: two random labels on the after arm, in the same blocks.',
    'Before each run k6 was timed with the same script at a constant answer of the same size: its ceiling.',
    `Busy share of one core: ${claim.arms.before.label} ${busy('before')}, ${claim.arms.after.label} ${busy('after')}.`,
  ];
}

/** Which quantile of a block each quantity takes. */
function counted(metrics: readonly Quantity[]): string {
  const ways = metrics.map(({ quantile = 0.5 }) => (quantile === 0.5 ? 'median' : `p${100 * quantile}`));
  return [...new Set(ways)].join(' or ');
}
