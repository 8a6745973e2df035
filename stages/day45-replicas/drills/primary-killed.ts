import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Check, type Drill, during, noneFailed, type Rig, type Sent, WRITES } from '@day90/bench/drill';
import { workspaceRoot } from '@day90/infra';
import { failover } from '../src/cluster/failover.ts';
import { RunningCluster } from '../src/cluster/nodes.ts';
import { leadersOf } from './as-operator.ts';

const OLD = 'db-1';
const REPLICAS = ['db-2', 'db-3'];
/** How long the replicas get nothing of the log before the primary dies. */
const CUT_MS = 1500;
const FIRST_WRITE_MS = 5000;
/** An app looks ten times a second who leads. */
const LONGEST_AFTER_MS = 1000;

/**
 * The worst moment: the replicas have lost their primary, which goes on, and then it dies. What it has acknowledged
 * meanwhile is lost, unless it has acknowledged nothing that no replica had.
 */
export const primaryKilled: Drill = {
  number: 17,
  slug: 'primary-killed',
  stage: 'stage-4',
  title: 'replicas cut off for 1.5 s, then kill -9 of the primary under writes, and a failover',
  expects: [
    'commits wait for a replica (--sync=any-1): every acknowledged write is there exactly once',
    'never two that take writes: the old primary comes back as a replica',
    'errors are 503 and nothing else, and end within a second of the promotion',
    'writes go on within 5 s of the promotion, and no app is started again',
  ],
  topology: 'drills/sync-topology.ts',
  // Else the books would be compared with what the cache remembers.
  env: { app: { CACHE_POST_SECONDS: '1' } },
  rate: 50,
  mix: { post: 10, feed: 30, create: 30, keyed: 20, update: 10 },
  faultSeconds: 20,
  unavailable: 'unknown', // it may have been committed, and have waited for a replica
  async fault(rig) {
    const apps = pidsOf(rig);
    const cluster = await RunningCluster.open(workspaceRoot(import.meta.dirname), rig.instance.ready.instance);
    rig.mark('cut');
    for (const node of REPLICAS) cutOff(rig, node);
    await rig.sleep(CUT_MS);
    rig.instance.hold(OLD);
    rig.mark('killed');
    await rig.kill(OLD);
    const { to, lostBytes } = await failover(cluster, { force: true }, (line) => {
      if (line.includes('promoted')) rig.mark('promoted');
    });
    rig.facts['bytes of log that did not get over'] = lostBytes;
    rig.facts['number of the new primary'] = Number(to.slice('db-'.length));
    rig.facts['apps that are another process'] = pidsOf(rig).filter((pid, i) => pid !== apps[i]).length;
    rig.facts['nodes that take writes'] = (await leadersOf(rig)).length;
  },
  async heal() {
    // The old primary was made anew by the failover, and follows.
  },
  judge(records, rig) {
    const { 'apps that are another process': others = Number.NaN, 'nodes that take writes': leaders = 0 } = rig.facts;
    return [
      { id: 'one-leader', criterion: 'nodes that take writes: 1', value: String(leaders), passed: leaders === 1 },
      onlyUnavailable(records, rig),
      firstWrite(records, rig),
      atMost('same-apps', 'apps that had to be started again: 0', others, 0, ''),
      noneFailed('healed', 'after healing, requests of all kinds', during(records, ['healed'])),
    ];
  },
  mutation: {
    title: 'acknowledges what no replica has: commits that wait for nobody, as Postgres has it by itself',
    topology: 'src/topology.ts',
    breaks: ['acked'],
  },
};

function pidsOf({ instance }: Rig): number[] {
  return instance.boxesOf('app').map((name) => instance.box(name).pid);
}

/** Has a replica lose its primary, as behind a cut cable: it stays up, and gets no more of the log. */
function cutOff(rig: Rig, node: string): void {
  const file = join(rig.data, node, 'follow.conf');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/port=\d+/, 'port=1'));
  rig.instance.signal(node, 'SIGHUP');
}

/** Nobody is left then who has seen enough: both replicas lag by more than is read, and what they lack may have been ended. */
function onlyUnavailable(records: readonly Sent[], { marks }: Rig): Check {
  const { cut = Number.NaN, promoted = Number.NaN } = marks;
  const failed = during(records, ['fault', 'healed']).filter(({ outcome }) => outcome !== 'ok');
  const others = failed.filter(
    ({ status, at, end = at }) => status !== 503 || end < cut || at > promoted + LONGEST_AFTER_MS,
  );
  return {
    id: 'only-503',
    criterion: 'errors are 503 and nothing else, and only from the cut to 1 s after the promotion',
    value: [`${others.length} of ${failed.length} are not`, ...new Set(others.map(({ why }) => why))].join(', '),
    passed: failed.length > 0 && others.length === 0,
  };
}

function firstWrite(records: readonly Sent[], { marks }: Rig): Check {
  const promoted = marks.promoted ?? Number.NaN;
  const ends = during(records, ['fault', 'healed'], WRITES)
    .filter(({ outcome, at }) => outcome === 'ok' && at >= promoted)
    .map(({ end = Number.POSITIVE_INFINITY }) => end);
  return atMost(
    'first-write',
    'first write after the promotion ≤ 5 s',
    Math.min(...ends) - promoted,
    FIRST_WRITE_MS,
    'ms',
  );
}
