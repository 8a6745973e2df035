import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handOver, type Instance, type LaunchOptions, launch, type Topology, unprivilegedUser } from '../src/index.ts';
import { checkRoom } from '../src/scale-bounds.ts';
import { eventually, makeWorkspace, SERVER, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let running: Instance[];
let lines: string[];

beforeEach(() => {
  workspace = makeWorkspace();
  running = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.map((instance) => instance.stop()));
  workspace.remove();
});

async function up(topology: Topology, options: Partial<LaunchOptions> = {}): Promise<Instance> {
  const quiet = { folder: workspace.folder, quiet: true, onProgress: (line: string) => lines.push(line) };
  const instance = await launch(topology, { ...quiet, ...options });
  running.push(instance);
  return instance;
}

const runFile = (...path: string[]) => join(workspace.root, '.run', 'stage-1', ...path);
const asRoot = process.getuid?.() === 0 ? it : it.skip;
const onLinux = existsSync('/dev/full') ? it : it.skip;

describe('a budget', () => {
  it('is in ready.json where the system has one, and holds over restarts', async () => {
    const instance = await up(await serverTopology({ app: { cpu: 0.3 } }));
    const { budgets, boxes } = instance.ready;
    const expected = budgets === 'none' ? undefined : 0.3;
    expect(boxes[0]?.cpuLimit).toBe(expected);
    instance.setCpu('app', 0.5);
    await instance.kill('app');
    await eventually(() => lines.some((line) => line.startsWith('app is back')), 'app is back');
    const again = JSON.parse(readFileSync(runFile('ready.json'), 'utf8')).boxes[0];
    expect(again.cpuLimit).toBe(budgets === 'none' ? undefined : 0.5);
    expect(again.cgroup === undefined).toBe(budgets === 'none');
  });

  it('slows a box down to its share', async () => {
    const burn = `setInterval(() => { for (const end = Date.now() + 100; Date.now() < end; ); }, 0);
      require('http').createServer((_, res) => res.end()).listen(process.env.PORT, '127.0.0.1')`;
    const instance = await up(await serverTopology({ app: { run: ['node', '-e', burn], cpu: 0.2 } }));
    if (instance.ready.budgets === 'none') return;
    const [before, began] = [instance.usage('app'), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const stopped = () => instance.usage('app').throttledPeriods > before.throttledPeriods;
    await eventually(stopped, 'it was stopped', 20_000);
    const [after, elapsed] = [instance.usage('app'), performance.now() - began];
    expect((after.cpuMicros - before.cpuMicros) / 1000).toBeLessThan(0.5 * elapsed);
  });

  it('is left out when told so', async () => {
    const instance = await up(await serverTopology({ app: { cpu: 0.2 } }), { budgets: false });
    expect(instance.ready).toMatchObject({ budgets: 'none' });
    expect(instance.ready.boxes[0]).not.toHaveProperty('cpuLimit');
    expect(instance.usage('app')).toMatchObject({ periods: 0, throttledPeriods: 0 });
    expect(instance.usage('app').cpuMicros).toBeGreaterThan(0);
  });
});

describe('an unprivileged box', () => {
  asRoot('is given its data, but nothing that a link in it leads to', async () => {
    const folder = join(workspace.root, 'data');
    await mkdir(join(workspace.root, 'elsewhere'));
    await mkdir(folder);
    writeFileSync(join(workspace.root, 'elsewhere', 'file'), '');
    symlinkSync(join(workspace.root, 'elsewhere'), join(folder, 'link'));
    handOver(folder);
    expect(lstatSync(join(folder, 'link')).uid).toBe(unprivilegedUser()?.uid);
    expect(statSync(join(workspace.root, 'elsewhere', 'file')).uid).toBe(0);
  });

  asRoot(
    'has its files written where it can put no link in their place, and one that it has put is not followed',
    async () => {
      const secret = join(workspace.root, 'secret');
      writeFileSync(secret, 'of root', { mode: 0o600 });
      writeFileSync(join(workspace.folder, 'app.conf'), 'x');
      chmodSync(workspace.root, 0o755);
      await mkdir(runFile('conf', 'app'), { recursive: true });
      symlinkSync(secret, runFile('conf', 'app', 'app.conf'));
      handOver(runFile('conf', 'app')); // as it was once
      const run = ['node', '-e', serve];
      const env = { PORT: '${port:self}', CONF: '${conf}/app.conf', DATA: '${data}' };
      const files = { 'app.conf': 'app.conf' };
      const instance = await up(await serverTopology({ app: { run, env, files, unprivileged: true } }));
      expect(await (await fetch(instance.url)).json()).toMatchObject({ conf: 'x' });
      expect([readFileSync(secret, 'utf8'), statSync(secret).uid]).toEqual(['of root', 0]);
      const { uid, gid } = unprivilegedUser() ?? {};
      const plant = spawnSync('ln', ['-sf', secret, runFile('conf', 'app', 'app.conf')], { uid, gid, cwd: '/' });
      expect(plant.status).not.toBe(0);
      expect(lstatSync(runFile('conf', 'app', 'app.conf'))).toMatchObject({ uid, mode: 0o100600 });
    },
  );

  asRoot('of root runs as another user, who owns its data and its files and can reach them', async () => {
    writeFileSync(join(workspace.folder, 'app.conf'), '${secret:x}');
    chmodSync(workspace.root, 0o700); // as a home: nobody else gets in
    const run = ['node', '-e', `require('fs').writeFileSync('mine', String(process.getuid())); ${serve}`];
    const env = { PORT: '${port:self}', CONF: '${conf}/app.conf', DATA: '${data}' };
    const files = { 'app.conf': 'app.conf' };
    const instance = await up(await serverTopology({ app: { run, env, files, unprivileged: true } }));
    const answer = (await (await fetch(instance.url)).json()) as { conf: string; data: string };
    const { uid } = unprivilegedUser() ?? {};
    expect(uid).toBeGreaterThan(0);
    expect(answer.conf).toHaveLength(43);
    expect(readFileSync(join(answer.data, 'mine'), 'utf8')).toBe(String(uid));
    expect(statSync(answer.data).uid).toBe(uid);
    expect(instance.folders.data).toBe(answer.data);
    await instance.stop();
    rmSync(dirname(dirname(answer.data)), { recursive: true });
  });
});

const serve = `require('http').createServer((_, res) => res.end(JSON.stringify({
  conf: require('fs').readFileSync(process.env.CONF, 'utf8'), data: process.env.DATA,
}))).listen(process.env.PORT, '127.0.0.1')`;

describe('room for more replicas', () => {
  const now = { count: 2, rssBytes: 100e6 };
  const machine = { cores: 2, freeBytes: 1000e6 };

  it('ends where memory does', () => {
    expect(() => checkRoom('app', 10, now, undefined, machine)).not.toThrow();
    expect(() => checkRoom('app', 11, now, undefined, machine)).toThrow(
      '11 boxes of app: room for 10, at 100 MB each with 1000 MB of memory free',
    );
  });

  it('ends where their budgets are more than all cores', () => {
    expect(() => checkRoom('app', 8, now, 0.25, machine)).not.toThrow();
    expect(() => checkRoom('app', 9, now, 0.25, machine)).toThrow(
      "9 boxes of app: room for 8, with 0.25 of this machine's 2 cores each",
    );
  });

  it('is always there for fewer', () => {
    expect(() => checkRoom('app', 1, now, 2, { cores: 1, freeBytes: 0 })).not.toThrow();
  });
});

describe('one line, and nothing left running, for', () => {
  onLinux('a full disk', async () => {
    await mkdir(runFile(), { recursive: true });
    symlinkSync('/dev/full', runFile(`launcher.lock.${process.pid}`));
    await expect(up(await serverTopology({ app: {} }))).rejects.toThrow(
      /^no space left on the disk of \/.*stage-1: `npx -y pnpm reset` deletes old runs$/,
    );
  });

  onLinux('a disk that is full when the files of a box are written', async () => {
    writeFileSync(join(workspace.folder, 'app.conf'), 'x');
    await mkdir(runFile('conf', 'app'), { recursive: true });
    symlinkSync('/dev/full', runFile('conf', 'app', 'app.conf'));
    const topology = await serverTopology({
      app: { files: { 'app.conf': 'app.conf' }, run: ['node', SERVER, '${conf}/app.conf'] },
    });
    await expect(up(topology)).rejects.toThrow(/^no space left on the disk/);
    expect(existsSync(runFile('launcher.lock'))).toBe(false);
  });

  it('a disk that is full when a box writes', async () => {
    const fails = `for (let i = 0; i < 9; i++) console.error('appending'); throw new Error('No space left on device')`;
    await expect(up(await serverTopology({ app: { run: ['node', '-e', fails] } }))).rejects.toThrow(
      /^box app ended before it was ready \(exit code 1\); no space left on the disk of \S+stage-1: `npx -y pnpm reset` deletes old runs; .*$/,
    );
  });

  it('a setting that the box refuses', async () => {
    const refuse = 'console.error("Not valid:\\nPOOL: 0 is too small, 1 to 50"); process.exitCode = 1';
    await expect(up(await serverTopology({ app: { run: ['node', '-e', refuse] } }))).rejects.toThrow(
      /^box app ended before it was ready \(exit code 1\); it says: Not valid: \| POOL: 0 is too small, 1 to 50; `npx -y pnpm preflight` .*$/,
    );
  });

  it('a reason that a box finds once it runs: its last words, without the log before them', async () => {
    const log = `for (let i = 0; i < 9; i++) console.log(JSON.stringify({ level: 50, msg: 'out of reach' }));`;
    const refuse = `${log} console.error("Not valid:\\nthe store refuses the password"); process.exitCode = 1`;
    await expect(up(await serverTopology({ app: { run: ['node', '-e', refuse] } }))).rejects.toThrow(
      /^box app ended before it was ready \(exit code 1\); it says: Not valid: \| the store refuses the password; .*$/,
    );
  });

  it('an option or a link that nothing reads', async () => {
    const rest: Partial<Topology> = {
      options: { mode: { choices: { a: { x: '1' }, b: { x: '2' } }, default: 'a' } },
      links: { own: { from: 'app', to: 'mail', port: 1024 } },
    };
    await expect(up(await serverTopology({ mail: {}, app: {} }, rest))).rejects.toThrow(
      'no setting and no template uses ${option:mode.x}, ${link:own}',
    );
  });
});
