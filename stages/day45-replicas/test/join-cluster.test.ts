import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unprivilegedUser } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readState, writeState } from '../src/cluster/cluster-files.ts';
import { type ClusterRig, startCluster } from './cluster-rig.ts';

const asRoot = unprivilegedUser() ? it : it.skip;
const NAME = `test-join-${process.pid}`;
let rig: ClusterRig;
let root: string;

const start = () => startCluster({}, { instance: NAME, throwAway: false });
const folderOf = (node: string) => join(rig.instance.folders.data, node);
const logOf = (node: string) => readFileSync(join(rig.instance.folders.logs, `${node}.log`), 'utf8');

beforeAll(async () => {
  rig = await start();
  root = dirname(rig.instance.folders.logs);
}, 180_000);
afterAll(async () => {
  await rig.stop();
  for (const folder of [rig.instance.folders.data, root]) rmSync(folder, { recursive: true, force: true });
});

/** Nodes that replay the log of a primary, and get it from there right now. */
async function followers(primary: string): Promise<string[]> {
  const rows = await rig.ask<{ name: string }>(
    primary,
    `SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming'`,
  );
  return rows.map(({ name }) => name).sort();
}

async function until(check: () => Promise<boolean>, what: string, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; ; await sleep(100)) {
    if (await check().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
  }
}

const untilBothFollow = (primary: string, names: string[]) =>
  until(async () => (await followers(primary)).join() === names.join(), `${names.join()} follow ${primary}`);

describe('a cluster', () => {
  it('has a primary, and two replicas that follow it and take no writes', async () => {
    await untilBothFollow('db-1', ['db-2', 'db-3']);
    const standby = async (node: string) =>
      (await rig.ask<{ standby: boolean }>(node, 'SELECT pg_is_in_recovery() AS standby'))[0]?.standby;
    expect([await standby('db-1'), await standby('db-2'), await standby('db-3')]).toEqual([false, true, true]);
  });

  it('lets the operator touch no table, and the app read no log', async () => {
    await expect(rig.ask('db-1', 'SELECT count(*) FROM users')).rejects.toThrow('permission denied');
    const rows = await rig.ask('db-1', `SELECT rolreplication FROM pg_roles WHERE rolname = 'day90_app'`);
    expect(rows).toEqual([{ rolreplication: false }]);
  });

  it('has a replica back that was killed, without making it anew', async () => {
    await rig.instance.kill('db-2');
    await untilBothFollow('db-1', ['db-2', 'db-3']);
    expect(logOf('db-2').match(/made anew/g)).toHaveLength(1); // at the first start
  });

  it('makes a replica anew whose data is gone', async () => {
    rig.instance.hold('db-3');
    await rig.instance.kill('db-3');
    rmSync(folderOf('db-3'), { recursive: true });
    rig.instance.release('db-3');
    await untilBothFollow('db-1', ['db-2', 'db-3']);
    expect(logOf('db-3').match(/made anew/g)).toHaveLength(2);
  });

  it('makes a replica anew whose data is of an older epoch, whatever it holds', async () => {
    rig.instance.hold('db-3');
    await rig.instance.kill('db-3');
    writeFileSync(join(folderOf('db-3'), 'epoch'), '0\n');
    rig.instance.release('db-3');
    await untilBothFollow('db-1', ['db-2', 'db-3']);
    expect(logOf('db-3').match(/made anew/g)).toHaveLength(3);
  });

  it('refuses a node of another cluster, and touches nothing of it', async () => {
    rig.instance.hold('db-3');
    await rig.instance.kill('db-3');
    const control = join(folderOf('db-3'), 'global', 'pg_control');
    const original = readFileSync(control);
    writeSync(openSync(control, 'r+'), Buffer.alloc(8, 7), 0, 8, 0);
    rig.instance.release('db-3');
    await until(async () => logOf('db-3').includes('holds a node of another cluster than db-1'), 'it is refused');
    expect(existsSync(control)).toBe(true);
    writeFileSync(control, original);
    await untilBothFollow('db-1', ['db-2', 'db-3']); // the launcher tries again by itself
  }, 40_000);

  asRoot(
    'hands nothing of root to the user of the databases by a link that this one has put in its data',
    async () => {
      const secret = join(root, 'of-root');
      writeFileSync(secret, 'of root', { mode: 0o600 });
      const leak = join(folderOf('db-1'), 'leak');
      const { uid, gid } = unprivilegedUser() ?? {};
      expect(spawnSync('ln', ['-s', secret, leak], { uid, gid, cwd: '/' }).status).toBe(0);
      rig.instance.hold('db-3');
      await rig.instance.kill('db-3');
      rmSync(folderOf('db-3'), { recursive: true });
      rig.instance.release('db-3');
      await until(async () => logOf('db-3').includes('EACCES'), 'the copy is refused');
      rmSync(leak);
      await untilBothFollow('db-1', ['db-2', 'db-3']);
      expect(existsSync(join(folderOf('db-3'), 'leak'))).toBe(false);
    },
    40_000,
  );

  it('ends a failover at the next start that died before its promotion: on a timeline of its own, beside no other primary', async () => {
    await rig.stop();
    const { data } = rig.instance.folders;
    writeState(data, { epoch: 2, primary: 'db-2' });
    rig = await start();
    await untilBothFollow('db-2', ['db-1', 'db-3']);
    const [row] = await rig.ask<{ file: string }>('db-2', 'SELECT pg_walfile_name(pg_current_wal_lsn()) AS file');
    expect(row?.file.slice(0, 8)).toBe('00000002');
    expect(readState(data)).toEqual({ epoch: 2, primary: 'db-2' });
    expect(logOf('db-1')).toContain('db-1 is made anew from db-2');
  }, 180_000);
});
