import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Box, type Instance, launch, type Topology } from '../src/index.ts';
import { day90, eventually, makeWorkspace, saveTopology, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let running: Instance[];

beforeEach(() => {
  workspace = makeWorkspace();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((instance) => instance.stop()));
  workspace.remove();
});

/** Deaf to what asks it to end; at SIGQUIT it tells, a moment later, whether the process it has started is still there. */
const HOLDER = `
  const { spawn } = require('node:child_process');
  const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' });
  const isThere = () => { try { return process.kill(helper.pid, 0); } catch { return false; } };
  process.on('SIGTERM', () => {});
  process.on('SIGQUIT', () => setTimeout(() => {
    require('node:fs').writeFileSync(process.env.TOLD, 'gave back, helper ' + (isThere() ? 'there' : 'gone'));
    if (!process.env.DEAF) process.exit(0);
  }, 150));
  require('node:http').createServer((_, res) => res.end(String(helper.pid))).listen(process.env.PORT, '127.0.0.1');
`;

const told = () => join(workspace.root, 'told');
const text = () => (existsSync(told()) ? readFileSync(told(), 'utf8') : undefined);

function holder(box: Partial<Box> = {}): Promise<Topology> {
  const env = { TOLD: told(), ...box.env };
  const usual: Partial<Box> = { run: ['node', '-e', HOLDER], stopTimeoutMs: 100, abortSignal: 'SIGQUIT' };
  return serverTopology({ app: { ...usual, ...box, env } });
}

async function up(topology: Topology): Promise<Instance> {
  const instance = await launch(topology, { folder: workspace.folder, quiet: true, onProgress: () => {} });
  running.push(instance);
  return instance;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('an abort signal', () => {
  it('comes before the SIGKILL of a guardian whose launcher was killed, frozen or not, and spares helpers as long', async () => {
    const file = saveTopology(workspace.folder, await holder());
    const cli = day90(workspace.folder, ['start', file, '--quiet']);
    await eventually(() => cli.output().includes('Ctrl-C ends all of it'), `up: ${cli.output()}`, 15_000);
    const [{ pid, url }] = JSON.parse(
      readFileSync(join(workspace.root, '.run', 'stage-1', 'ready.json'), 'utf8'),
    ).boxes;
    const helper = Number(await (await fetch(url)).text());
    process.kill(pid, 'SIGSTOP');
    cli.child.kill('SIGKILL');
    await cli.exited;
    await eventually(() => !isAlive(pid) && !isAlive(helper), 'all of it is gone');
    expect(text()).toBe('gave back, helper there');
  });

  it('comes before the SIGKILL of a box that does not end when asked to', async () => {
    const instance = await up(await holder());
    await instance.stop();
    expect(text()).toBe('gave back, helper there');
  });

  it('is no reprieve for one that does not end then, either', async () => {
    const instance = await up(await holder({ env: { DEAF: '1' } }));
    const { pid } = instance.box('app');
    const startedAt = performance.now();
    await instance.stop();
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
    expect(isAlive(pid)).toBe(false);
  });

  it('is not sent by a kill, which leaves behind what a crash would', async () => {
    const instance = await up(await holder());
    await instance.kill('app');
    await sleep(300);
    expect(text()).toBeUndefined();
  });
});
