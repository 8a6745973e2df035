import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { workspaceRoot } from '@day90/infra';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { epochOf, readState, writeState } from '../src/cluster/cluster-files.ts';
import { failover } from '../src/cluster/failover.ts';
import { RunningCluster } from '../src/cluster/nodes.ts';
import { type ClusterRig, startCluster } from './cluster-rig.ts';
import { LedgerWriters } from './ledger-writers.ts';

const WORKSPACE = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
const QUIET = () => {};
let rig: ClusterRig;
let cluster: RunningCluster;

async function start(options: Record<string, string> = {}): Promise<void> {
  rig = await startCluster(options);
  cluster = await RunningCluster.open(WORKSPACE, rig.instance.ready.instance);
}
afterEach(() => rig.stop());

const urlOf = (node: string | undefined) => rig.urls[Number(node?.slice('db-'.length)) - 1];
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
  it('under writes makes a replica the primary, and the old one a replica that is made anew', async () => {
    await start();
    const writers = new LedgerWriters(rig.urls, 4);
    await writers.untilAcked(100);
    const report = await failover(cluster, { force: false }, QUIET);
    await sleep(500);
    await writers.stop();
    expect(report).toMatchObject({ from: 'db-1', epoch: 2 });
    expect(readState(cluster.data)).toEqual({ epoch: 2, primary: report.to });
    expect(await isStandby(report.to)).toBe(false);
    expect(await isStandby('db-1')).toBe(true);
    expect(epochOf(join(cluster.data, 'db-1'))).toBe(2);
    // Commits wait for no replica: some may be lost, and no more than the log that did not get over.
    const lost = await writers.lost(urlOf(report.to));
    if (report.lostBytes === 0) expect(lost).toEqual([]);
    expect(lost.length).toBeLessThan(50);
  }, 180_000);

  it('loses no acknowledged write where each commit waits for a replica', async () => {
    await start({ sync: 'any-1' });
    const writers = new LedgerWriters(rig.urls, 4);
    for (let times = 0; times < 2; times += 1) {
      await writers.untilAcked(writers.acked.size + 50);
      await failover(cluster, { force: false }, QUIET);
    }
    await writers.stop();
    expect(await writers.lost(urlOf(readState(cluster.data)?.primary))).toEqual([]);
  }, 180_000);

  it('that died before its promotion is ended by the next one', async () => {
    await start();
    writeState(cluster.data, { epoch: 2, primary: 'db-3' });
    const report = await failover(cluster, { force: false }, QUIET);
    expect(report).toMatchObject({ to: 'db-3', epoch: 2 });
    expect([await isStandby('db-1'), await isStandby('db-2'), await isStandby('db-3')]).toEqual([true, true, false]);
  }, 180_000);

  it('is refused while nobody has what the primary has, and forced it says what is lost', async () => {
    await start();
    for (const node of ['db-2', 'db-3']) await cutOff(node);
    const client = new pg.Client({ connectionString: rig.urls[0] });
    await client.connect();
    await client.query(
      `INSERT INTO posts (author_id, title, body, created_at, updated_at)
       SELECT 1, 'late', repeat(md5(n::text), 60), 0, 0 FROM generate_series(1, 2000) AS n`,
    );
    await client.end();
    await expect(failover(cluster, { force: false }, QUIET)).rejects.toThrow(/has not received the last [\d,]+ bytes/);
    expect(await isStandby('db-1')).toBe(false); // it went on as before
    const { lostBytes, to } = await failover(cluster, { force: true }, QUIET);
    expect(lostBytes).toBeGreaterThan(2_000_000);
    expect(await isStandby(to)).toBe(false);
    expect(await isStandby('db-1')).toBe(true);
  }, 180_000);

  it('is done by one at a time, and says who is at it', async () => {
    await start();
    const first = failover(cluster, { force: false }, QUIET);
    await expect(failover(cluster, { force: false }, QUIET)).rejects.toThrow(/under way already \(pid \d+\)/);
    await first;
  }, 180_000);

  it('is asked for of an instance that is up', async () => {
    await start();
    await expect(RunningCluster.open(WORKSPACE, 'test-nobody')).rejects.toThrow('test-nobody is not up');
  }, 180_000);
});
