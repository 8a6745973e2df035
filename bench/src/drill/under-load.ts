import type { Instance } from '@day90/infra';
import { seededRandom } from '../statistics/seeded-random.ts';
import { commonChecks } from './common-checks.ts';
import type { Check } from './drill.ts';
import { type DrillRun, phasesOf, SEED } from './drill-run.ts';
import { HttpClient } from './http-client.ts';
import { journeysOf } from './journeys.ts';
import { Ledger } from './ledger.ts';
import { Members } from './members.ts';
import { OpenLoad } from './open-load.ts';
import { OwnPosts } from './own-posts.ts';
import { type PhaseTimes, phaseOf, type Sent } from './records.ts';
import { settle } from './settle.ts';
import { StageRig } from './stage-rig.ts';
import { throughPhases } from './through-phases.ts';

/** What was seen of one loaded stage. */
export interface LoadedRun {
  records: readonly Sent[];
  times: PhaseTimes;
  rig: StageRig;
  ledger: Ledger;
  audit: Awaited<ReturnType<typeof settle>>;
  /** What every drill asks. */
  checks: Check[];
  /** Why fault or healing did not go through. */
  trouble?: string;
  latestMs: number;
}

const WRITERS = 8;

/** Loads a stage that is up, breaks it, heals it, and gathers what the checks need. */
export async function underLoad(run: DrillRun, instance: Instance): Promise<LoadedRun> {
  const { drill, scale, onProgress } = run;
  const ended = new AbortController();
  void instance.exited.then((why) => ended.abort(new Error(why)));
  const signal = AbortSignal.any([run.signal, ended.signal]);
  const since = new Date(Date.now() - 1000);
  const client = new HttpClient(instance.url);
  const random = seededRandom(SEED);
  const ids = drill.ids?.(scale) ?? { member: String, post: String };
  const ledger = new Ledger(`${drill.number}-${process.pid}`, drill.unavailable);
  try {
    onProgress('logging members in');
    const members = await Members.logIn(client, { count: WRITERS, idOf: ids.member }, signal);
    const posts = await OwnPosts.find(client, members.all, updatesEach(run));
    const journeys = journeysOf({ scale, ids, random, members, ledger, posts });
    const { rate, mix, resends } = drill;
    const load = new OpenLoad({ client, members, journeys, rate, mix, resends, random, signal });
    const rig = new StageRig({ root: run.root, instance, scale, client, members: members.all, load, signal });
    const { times, rss, trouble } = await throughPhases(run, rig, signal);
    await load.stop();
    signal.throwIfAborted();
    for (const record of load.records) record.phase = phaseOf(record, times);
    onProgress('comparing the books with what is there');
    const patienceMs = 500 * phasesOf(drill, run.quick).healed;
    const audit = await settle({ client, members: members.all, ledger, since, patienceMs, signal });
    const boxes = await rig.boxes();
    const { records, offered, latestMs } = load;
    const { deaths, logs } = rig;
    const { losesAcknowledged = false } = drill;
    const checks = commonChecks({ records, offered, ledger, audit, boxes, deaths, rss, logs, losesAcknowledged });
    return { records, times, rig, ledger, audit, checks, latestMs, ...(trouble !== undefined && { trouble }) };
  } finally {
    client.close();
  }
}

/** Seeded posts that each writer needs, so that none is changed twice within the time an answer may take. */
function updatesEach({ drill: { mix, rate } }: DrillRun): number {
  const total = Object.values(mix).reduce((sum, share) => sum + share, 0);
  const aSecond = (rate * (mix.update ?? 0)) / total;
  return Math.ceil((aSecond * LONGEST_WAIT_S) / WRITERS);
}

/** A change may wait for 15 s, and one whose fate is unknown is not touched again. */
const LONGEST_WAIT_S = 40;
