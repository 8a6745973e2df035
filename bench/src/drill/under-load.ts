import { Guardian, type Instance } from '@day90/infra';
import { commonChecks } from './common-checks.ts';
import type { Check } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { HttpClient } from './http-client.ts';
import { type PhaseTimes, phaseOf } from './records.ts';
import { StageRig } from './stage-rig.ts';
import { throughPhases } from './through-phases.ts';
import { Visitors } from './visitors.ts';
import type { Visited } from './visitors-words.ts';

/** What was seen of one loaded stage. */
export interface LoadedRun extends Visited {
  times: PhaseTimes;
  rig: StageRig;
  /** What every drill asks. */
  checks: Check[];
  /** Why fault or healing did not go through. */
  trouble?: string;
}

/** Loads a stage that is up, breaks it, heals it, and gathers what the checks need. */
export async function underLoad(run: DrillRun, instance: Instance): Promise<LoadedRun> {
  const { root, drill, scale, onProgress } = run;
  const ended = new AbortController();
  void instance.exited.then((why) => ended.abort(new Error(why)));
  const signal = AbortSignal.any([run.signal, ended.signal]);
  const client = new HttpClient(instance.url);
  const guardian = new Guardian();
  try {
    onProgress('logging members in');
    const visitors = await Visitors.begin(run, { url: instance.url, guardian, signal });
    visitors.ended.catch((error: unknown) => ended.abort(error));
    const rig = new StageRig({ root, instance, scale, client, visitors, signal });
    const { times, rss, trouble } = await throughPhases(run, rig, signal);
    onProgress('comparing the books with what is there');
    const seen = await visitors.end();
    for (const record of seen.records) record.phase = phaseOf(record, times);
    const boxes = await rig.boxes();
    const { deaths, logs } = rig;
    const { losesAcknowledged = false } = drill;
    const checks = commonChecks({ ...seen, boxes, deaths, rss, logs, losesAcknowledged });
    return { ...seen, times, rig, checks, ...(trouble !== undefined && { trouble }) };
  } finally {
    client.close();
    await guardian.endAll();
    guardian.bye();
  }
}
