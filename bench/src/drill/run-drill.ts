import { cpSync, existsSync, rmSync } from 'node:fs';
import { type Instance, launch, loadTopology, machine, type Topology } from '@day90/infra';
import { environment } from '../run/environment.ts';
import type { Check, Drill } from './drill.ts';
import type { DrillResult } from './drill-result.ts';
import { type DrillRun, phasesOf, SEED } from './drill-run.ts';
import { drillName } from './drills.ts';
import { groupOf, tallies, timeline } from './records.ts';
import { type LoadedRun, underLoad } from './under-load.ts';

/** Nobody's limit of logins is what is drilled, and all members come from one address. */
const LOGINS = { LOGIN_TURNS_PER_MINUTE: '1000', LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000' };

/** Launching, logging in, comparing the books and taking all down, in seconds. */
const AROUND_A_LOAD = 8;

/** About how long a drill takes, in seconds. */
export function expectedSeconds(drill: Drill, quick: boolean): number {
  const { warmUp, steady, healed } = phasesOf(drill, quick);
  return warmUp + steady + healed + drill.faultSeconds + AROUND_A_LOAD;
}

/** Runs one drill on an instance of its own. Whatever happens, that is down and deleted afterwards. */
export async function runDrill(run: DrillRun): Promise<DrillResult> {
  const { root, drill, mutate, scale } = run;
  const env = { ...(await environment(root)), scale, budgets: 'none' as const };
  const why = drill.skip?.(await machine());
  if (why !== undefined) return { ...blank(run, env), outcome: 'skipped', why };
  const logs = `${root}/.run/results/drills/${run.stage.name}.${drillName(drill)}.logs`;
  rmSync(logs, { recursive: true, force: true });
  const instance = await launchFor(run);
  try {
    const { budgets } = instance.ready;
    const result = { ...blank(run, { ...env, budgets }), ...(await loaded(run, instance)) };
    // The instance's folder is deleted; what a failure looked like from inside is wanted.
    if (result.outcome === 'failed' && !mutate) keepLogs(instance.folders.logs, logs);
    return result;
  } finally {
    await instance.stop();
  }
}

async function loaded(run: DrillRun, instance: Instance): Promise<Partial<DrillResult>> {
  const seen = await underLoad(run, instance);
  const checks = [...seen.checks, ...(await judged(run, seen))];
  const failed = checks.some(({ passed }) => !passed);
  const { fates, audit, records, times } = seen;
  const titles = (writes: readonly { title: string }[] = []) => writes.map(({ title }) => title);
  return {
    outcome: failed ? 'failed' : 'passed',
    ...(seen.trouble !== undefined && { why: seen.trouble }),
    checks,
    marks: { ...rounded(times), ...seen.rig.marks },
    facts: seen.rig.facts,
    load: { rate: run.drill.rate, seed: SEED, latestMs: Math.round(seen.latestMs) },
    counts: tallies(records, ({ kind }) => kind),
    groups: tallies(records, groupOf),
    ledger: {
      ...fates,
      ...{ lost: titles(audit?.lost), doubled: titles(audit?.doubled), ghosts: titles(audit?.ghosts) },
    },
    timeline: timeline(records, times),
  };
}

/** A drill whose fault did not go through can be judged by nothing. */
async function judged({ drill }: DrillRun, { records, rig, audit, trouble }: LoadedRun): Promise<Check[]> {
  if (trouble === undefined) return drill.judge(records, rig, audit);
  return [{ id: 'ran', criterion: 'fault and healing went through', value: trouble, passed: false }];
}

async function launchFor({ stage, drill, scale, mutate, signal, onProgress }: DrillRun): Promise<Instance> {
  const mutation = mutate ? drill.mutation : undefined;
  const { topology } = await loadTopology(`${stage.folder}/${mutation?.topology ?? drill.topology}`);
  return launch(topology, {
    ...{ folder: stage.folder, scale, signal, onProgress },
    ...{ instance: `drill-${drill.number}-${process.pid}`, ports: 'free', quiet: true, throwAway: true },
    env: settings(topology, drill.env, mutation?.env),
  });
}

/** The settings of every box that has any, the later ones winning. */
function settings(topology: Topology, ...added: (Record<string, Record<string, string>> | undefined)[]) {
  const apps = Object.entries(topology.boxes).flatMap(([name, { role }]) => (role === 'app' ? [name] : []));
  const merged: Record<string, Record<string, string>> = Object.fromEntries(apps.map((name) => [name, LOGINS]));
  for (const [name, env] of added.flatMap((one) => Object.entries(one ?? {}))) {
    merged[name] = { ...merged[name], ...env };
  }
  return merged;
}

function blank({ stage, drill, quick, mutate }: DrillRun, env: DrillResult['env']): DrillResult {
  const { title, breaks } = drill.mutation;
  return {
    ...{ schema: 1, stage: stage.name, number: drill.number, name: drillName(drill), title: drill.title },
    ...{ takenAt: new Date().toISOString(), quick, ...(mutate && { mutation: { title, breaks } }) },
    ...{ outcome: 'failed', checks: [], marks: {}, facts: {}, load: { rate: drill.rate, seed: SEED, latestMs: 0 } },
    ...{ counts: [], groups: [], timeline: [], env },
    ledger: { acked: 0, rejected: 0, unknown: 0, lost: [], doubled: [], ghosts: [] },
  };
}

function keepLogs(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

function rounded(times: object): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([name, at]) => [name, Math.round(at as number)]));
}
