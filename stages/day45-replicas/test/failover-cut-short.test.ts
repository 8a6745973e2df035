import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { workspaceRoot } from '@day90/infra';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readState } from '../src/cluster/cluster-files.ts';
import { failover } from '../src/cluster/failover.ts';
import { RunningCluster } from '../src/cluster/nodes.ts';
import { type ClusterRig, startCluster } from './cluster-rig.ts';
import { LedgerWriters } from './ledger-writers.ts';

const WORKSPACE = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
const QUIET = () => {};
const NODES = ['db-1', 'db-2', 'db-3'];
let rig: ClusterRig;
let cluster: RunningCluster;

async function start(options: Record<string, string> = {}): Promise<void> {
  rig = await startCluster(options);
  cluster = await RunningCluster.open(WORKSPACE, rig.instance.ready.instance);
  await untilAllStream();
}
afterEach(() => rig.stop());

/** Who takes writes, and who gets the log from it right now. */
async function standing(): Promise<{ leaders: string[]; streaming: string[] }> {
  const nodes = await cluster.look();
  const leaders = nodes.filter(({ seen }) => seen?.standby === false).map(({ name }) => name);
  const rows = await rig.ask<{ name: string }>(
    leaders[0] as string,
    `SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming'`,
  );
  return { leaders, streaming: rows.map(({ name }) => name).sort() };
}

async function untilAllStream(ms = 20_000): Promise<void> {
  let last: unknown;
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
    last = await standing().catch((error: Error) => error.message);
    if (typeof last === 'object' && (last as { streaming: string[] }).streaming.length === 2) return;
  }
  throw new Error(`not within ${ms} ms: two replicas get the log; last seen ${JSON.stringify(last)}`);
}

/** The cluster, whose failover dies just before it does something for the n-th time. */
function dyingBefore(step: string, nth: number): RunningCluster {
  let count = 0;
  return new Proxy(cluster, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === step && ++count === nth) throw new Error('died');
        return value.apply(target, args);
      };
    },
  });
}

describe('a failover that died', () => {
  it('wherever that was, is ended by the next one, which is no second one; nothing acknowledged is lost', async () => {
    await start({ sync: 'any-1' });
    const writers = new LedgerWriters(rig.urls, 2);
    const steps = [
      ['promote', 1],
      ['reload', 1],
      ['fell', 2],
      ['wake', 1],
    ] as const;
    for (const [i, [step, nth]] of steps.entries()) {
      const before = readState(cluster.data)?.primary;
      await sleep(300);
      await expect(failover(dyingBefore(step, nth), { force: false }, QUIET)).rejects.toThrow('died');
      const decided = readState(cluster.data);
      expect([step, decided?.epoch]).toEqual([step, i + 2]);
      await sleep(300);
      const { to, epoch } = await failover(cluster, { force: false }, QUIET);
      expect([step, { primary: to, epoch }]).toEqual([step, decided]);
      await untilAllStream();
      expect((await standing()).leaders).toEqual([decided?.primary]);
      expect(before).not.toBe(decided?.primary);
    }
    await writers.stop();
    const leader = NODES.indexOf(readState(cluster.data)?.primary as string);
    expect(writers.acked.size).toBeGreaterThan(50);
    expect(await writers.lost(rig.urls[leader])).toEqual([]);
  }, 180_000);
});

describe('a failover', () => {
  it('brings back a replica that waits for a primary which is gone', async () => {
    await start();
    rig.instance.hold('db-1');
    await rig.instance.kill('db-1');
    await rig.instance.kill('db-3');
    await sleep(2500); // it is started again after a second
    const { to } = await failover(cluster, { force: false }, QUIET);
    expect(to).toBe('db-2');
    await untilAllStream();
  }, 120_000);

  it('is refused while the primary works and no replica gets its log, however little that is', async () => {
    await start();
    for (const node of ['db-2', 'db-3']) {
      const file = join(rig.instance.folders.data, node, 'follow.conf');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/port=\d+/, 'port=1'));
      rig.instance.signal(node, 'SIGHUP');
    }
    await sleep(500);
    await expect(failover(cluster, { force: false }, QUIET)).rejects.toThrow('--force goes on all the same');
    expect((await standing()).leaders).toEqual(['db-1']);
  }, 180_000);

  it('takes a paused replica for what it has received, replayed or not', async () => {
    await start();
    for (const node of ['db-2', 'db-3']) await rig.ask(node, 'SELECT pg_wal_replay_pause()');
    const writers = new LedgerWriters(rig.urls.slice(0, 1), 1);
    await writers.untilAcked(10);
    await writers.stop();
    await sleep(200);
    const { to } = await failover(cluster, { force: false }, QUIET);
    expect(await writers.lost(rig.urls[NODES.indexOf(to)])).toEqual([]);
    await untilAllStream();
  }, 180_000);

  it('waits for what the primary has sent and a slow replica has still to take', async () => {
    await start();
    const receivers = await Promise.all(
      ['db-2', 'db-3'].map(async (node) => {
        const [row] = await rig.ask<{ pid: number }>(node, 'SELECT pid FROM pg_stat_wal_receiver');
        return row?.pid as number;
      }),
    );
    for (const pid of receivers) process.kill(pid, 'SIGSTOP');
    const writers = new LedgerWriters(rig.urls.slice(0, 1), 1);
    await writers.untilAcked(10);
    await writers.stop();
    const { to } = await failover(cluster, { force: false }, (line) => {
      if (!line.includes('was ended')) return;
      setTimeout(() => process.kill(receivers[1] as number, 'SIGCONT'), 300);
      setTimeout(() => process.kill(receivers[0] as number, 'SIGCONT'), 700);
    });
    expect(await writers.lost(rig.urls[NODES.indexOf(to)])).toEqual([]);
    await untilAllStream();
  }, 180_000);
});
