import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { workspaceRoot } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type ClusterState, epochOf, readState, writeState } from '../src/cluster/cluster-files.ts';
import { failover } from '../src/cluster/failover.ts';
import { RunningCluster } from '../src/cluster/nodes.ts';
import { type ClusterRig, startCluster } from './cluster-rig.ts';
import { LedgerWriters } from './ledger-writers.ts';

const WORKSPACE = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
const QUIET = () => {};
const NODES = ['db-1', 'db-2', 'db-3'];
let rig: ClusterRig;
let cluster: RunningCluster;

function usingOneCluster(options: Record<string, string> = {}): void {
  beforeAll(async () => {
    rig = await startCluster(options);
    cluster = await RunningCluster.open(WORKSPACE, rig.instance.ready.instance);
  }, 180_000);
  afterAll(() => rig.stop(), 180_000);
}

/** Who leads, and who could: a test takes the cluster as the one before has left it. */
function standing(): ClusterState & { replicas: string[] } {
  const state = readState(cluster.data) as ClusterState;
  return { ...state, replicas: NODES.filter((name) => name !== state.primary) };
}

const urlOf = (node: string) => rig.urls[NODES.indexOf(node)];
const isStandby = async (node: string) =>
  (await rig.ask<{ standby: boolean }>(node, 'SELECT pg_is_in_recovery() AS standby'))[0]?.standby;

/** Has a replica lose its primary, as behind a cut cable: it stays up, and gets no more of the log. */
async function cutOff(node: string): Promise<void> {
  const file = join(rig.instance.folders.data, node, 'follow.conf');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/port=\d+/, 'port=1'));
  rig.instance.signal(node, 'SIGHUP');
  await sleep(300);
}

describe('a failover', () => {
  usingOneCluster();

  it('under writes makes a replica the primary, and the old one a replica that is made anew', async () => {
    const before = standing();
    const writers = new LedgerWriters(rig.urls, 4);
    await writers.untilAcked(100);
    const report = await failover(cluster, { force: false }, QUIET);
    await sleep(500);
    await writers.stop();
    expect(report).toMatchObject({ from: before.primary, epoch: before.epoch + 1 });
    expect(readState(cluster.data)).toEqual({ epoch: report.epoch, primary: report.to });
    expect(await isStandby(report.to)).toBe(false);
    expect(await isStandby(before.primary)).toBe(true);
    expect(epochOf(join(cluster.data, before.primary))).toBe(report.epoch);
    // Commits wait for no replica: some may be lost, and no more than the log that did not get over.
    const lost = await writers.lost(urlOf(report.to));
    if (report.lostBytes === 0) expect(lost).toEqual([]);
    expect(lost.length).toBeLessThan(50);
  }, 180_000);

  it('that died before its promotion is ended by the next one', async () => {
    const { epoch, primary, replicas } = standing();
    const [other = '', chosen = ''] = replicas;
    writeState(cluster.data, { epoch: epoch + 1, primary: chosen });
    const report = await failover(cluster, { force: false }, QUIET);
    expect(report).toMatchObject({ to: chosen, epoch: epoch + 1 });
    expect([await isStandby(primary), await isStandby(other), await isStandby(chosen)]).toEqual([true, true, false]);
  }, 180_000);

  it('is done by one at a time, and says who is at it', async () => {
    const first = failover(cluster, { force: false }, QUIET);
    await expect(failover(cluster, { force: false }, QUIET)).rejects.toThrow(/under way already \(pid \d+\)/);
    await first;
  }, 180_000);

  it('is refused while nobody has what the primary has, and forced it says what is lost', async () => {
    const { primary, replicas } = standing();
    for (const node of replicas) await cutOff(node);
    const client = new pg.Client({ connectionString: urlOf(primary) });
    await client.connect();
    await client.query(
      `INSERT INTO posts (author_id, title, body, created_at, updated_at)
       SELECT 1, 'late', repeat(md5(n::text), 60), 0, 0 FROM generate_series(1, 2000) AS n`,
    );
    await client.end();
    await expect(failover(cluster, { force: false }, QUIET)).rejects.toThrow(/has not received the last [\d,]+ bytes/);
    expect(await isStandby(primary)).toBe(false); // it went on as before
    const { lostBytes, to } = await failover(cluster, { force: true }, QUIET);
    expect(lostBytes).toBeGreaterThan(2_000_000);
    expect(await isStandby(to)).toBe(false);
    expect(await isStandby(primary)).toBe(true);
  }, 180_000);

  it('is asked for of an instance that is up', async () => {
    await expect(RunningCluster.open(WORKSPACE, 'test-nobody')).rejects.toThrow('test-nobody is not up');
  });
});

describe('a failover, where each commit waits for a replica,', () => {
  usingOneCluster({ sync: 'any-1' });

  it('loses no acknowledged write', async () => {
    const writers = new LedgerWriters(rig.urls, 4);
    for (let times = 0; times < 2; times += 1) {
      await writers.untilAcked(writers.acked.size + 50);
      await failover(cluster, { force: false }, QUIET);
    }
    await writers.stop();
    expect(await writers.lost(urlOf(standing().primary))).toEqual([]);
  }, 180_000);
});
