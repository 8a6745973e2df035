import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { control, type Instance, type LaunchOptions, launch, mailBox, type Topology } from '../src/index.ts';
import { eventually, makeWorkspace, serverTopology } from './fixtures/workspace.ts';

const SINK = fileURLToPath(new URL('../src/mail-sink.ts', import.meta.url));
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

const runFile = (...path: string[]) => join(workspace.root, '.run', ...path);
function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('launch', () => {
  it('starts boxes in order, says what runs where in ready.json, and takes all of it down again', async () => {
    const topology = await serverTopology({
      mail: { role: 'mail', env: { READY_AFTER_MS: '300' } },
      app: { after: ['mail'] },
    });
    const instance = await up(topology, { instance: 'mine' });

    expect(lines.map((line) => line.split(' ')[0])).toEqual(['mail', 'app']);
    expect(lines[0]).toMatch(/^mail ready in \d\.\d s$/);
    const ready = JSON.parse(readFileSync(runFile('mine', 'ready.json'), 'utf8'));
    expect(ready).toEqual({
      schema: 1,
      instance: 'mine',
      stage: 'stage-1',
      scale: 'medium',
      url: instance.url,
      launcherPid: process.pid,
      startedAt: expect.any(String),
      budgets: 'none',
      boxes: [
        expect.objectContaining({ name: 'mail', role: 'mail', pid: instance.box('mail').pid }),
        expect.objectContaining({ name: 'app', url: instance.url, port: instance.box('app').port }),
      ],
      links: [],
    });
    expect(statSync(runFile('mine', 'ready.json')).mode & 0o777).toBe(0o600);
    expect(statSync(runFile('mine', 'control.sock')).mode & 0o777).toBe(0o600);
    expect((await fetch(`${instance.url}/readyz`)).status).toBe(200);

    await instance.stop();
    expect(ready.boxes.map((box: { pid: number }) => alive(box.pid))).toEqual([false, false]);
    expect(existsSync(runFile('mine', 'ready.json'))).toBe(false);
    expect(existsSync(runFile('mine', 'control.sock'))).toBe(false);
    expect(readFileSync(runFile('mine', 'logs', 'app.log'), 'utf8')).toContain('got SIGTERM');
  });

  it('gives boxes their environment, the raised settings over it, and nothing of its own shell', async () => {
    process.env.STRAY = 'from the shell';
    const topology = await serverTopology({ app: { env: { SECRET: '${secret:session}', LIMIT: '5' } } });
    const instance = await up(topology, { env: { app: { LIMIT: '500' } }, ports: 'free' });
    const env = (await (await fetch(`${instance.url}/env`)).json()) as Record<string, string>;
    delete process.env.STRAY;

    expect(env.LIMIT).toBe('500');
    expect(env.SECRET).toBe(JSON.parse(readFileSync(runFile('secrets.json'), 'utf8')).session);
    expect(Buffer.from(env.SECRET ?? '', 'base64url')).toHaveLength(32);
    expect(statSync(runFile('secrets.json')).mode & 0o777).toBe(0o600);
    expect(env).not.toHaveProperty('STRAY');
  });

  it('leaves nothing behind of a run that is thrown away', async () => {
    const instance = await up(await serverTopology({ app: {} }), { throwAway: true, instance: 'bench-1' });
    await instance.stop();
    expect(existsSync(runFile('bench-1'))).toBe(false);
  });

  it('kills a box that ignores its stop signal, and what it started', async () => {
    const topology = await serverTopology({ app: { env: { STUBBORN: '1', GRANDCHILD: '1' }, stopTimeoutMs: 200 } });
    const instance = await up(topology);
    const { pid } = instance.box('app');
    await instance.stop();
    expect(alive(pid)).toBe(false);
  });

  it('takes the ports from a base, the door first', async () => {
    const base = 20_000 + (process.pid % 12_000);
    const instance = await up(await serverTopology({ mail: {}, app: {} }), { ports: base });
    expect(instance.url).toBe(`http://127.0.0.1:${base}`);
    expect(instance.box('mail').port).toBe(base + 1);
  });

  it('names the ports of a box that has several, as a mail server with a page has', async () => {
    const mail = { ...mailBox(1024, 1025), run: ['node', SINK] };
    const instance = await up(await serverTopology({ mail, app: {} }), { ports: 'free' });
    const { port, ports } = instance.box('mail');
    expect(ports).toEqual({ smtp: port, page: expect.any(Number) });
    expect(instance.ready.boxes[0]?.ports).toEqual(ports);
    expect(instance.ready.boxes[1]).not.toHaveProperty('ports');
    expect(await (await fetch(`http://127.0.0.1:${ports.page}`)).text()).toContain('No mail yet');
  });

  it('puts the socket elsewhere when its path is too long for one, and says where', async () => {
    const deep = join(workspace.folder, 'd'.repeat(90));
    mkdirSync(deep);
    writeFileSync(join(deep, 'pnpm-workspace.yaml'), '');
    const instance = await up(await serverTopology({ app: {} }), { folder: deep });
    expect(instance.ready.control).toMatch(/day90-.*control\.sock$/);
    expect(await control(deep, 'stage-1', { do: 'status' })).toMatchObject({ ok: true });
    await instance.stop();
    expect(existsSync(instance.ready.control ?? '')).toBe(false);
  });
});

describe('launch refuses, and leaves nothing running,', () => {
  it('a box that is never ready, with the end of its log', async () => {
    const run = ['sh', '-c', 'echo waiting for a table; exec sleep 600'];
    const topology = await serverTopology({ app: { readyTimeoutMs: 400, run } });
    await expect(up(topology)).rejects.toThrow(
      /box app was not ready after 0\.4 s \(no 200 from http.*\/readyz\); it says: waiting for a table; /,
    );
    expect(existsSync(runFile('stage-1', 'ready.json'))).toBe(false);
  });

  it('a box that ends before it is ready', async () => {
    const topology = await serverTopology({
      mail: {},
      app: { run: ['node', '-e', 'console.error("no such table"); process.exit(7)'], after: ['mail'] },
    });
    await expect(up(topology)).rejects.toThrow(/box app ended before it was ready \(exit code 7\)[\s\S]*no such table/);
    await expect(fetch(`http://127.0.0.1:${topology.boxes.mail?.port}`)).rejects.toThrow();
  });

  it('a command that is not there', async () => {
    const topology = await serverTopology({ app: { run: ['no-such-program'] } });
    await expect(up(topology)).rejects.toThrow(/box app ended before it was ready \(no-such-program: .*ENOENT/);
  });

  it('taken ports: all at once, with who holds them and the flag that helps', async () => {
    const topology = await serverTopology({ mail: {}, app: {} });
    const servers = await Promise.all(Object.values(topology.boxes).map((box) => listenOn(Number(box.port))));
    const ports = Object.values(topology.boxes).map((box) => box.port);
    const refusal = expect(up(topology)).rejects;
    await refusal.toThrow(
      new RegExp(
        `port ${ports[0]} \\(box mail\\) is taken by pid ${process.pid}, .*; port ${ports[1]} \\(box app\\).*--port-base \\d+$`,
      ),
    );
    for (const server of servers) server.close();
  });

  it('an instance that is up already', async () => {
    const first = await up(await serverTopology({ app: {} }));
    const second = up(await serverTopology({ app: {} }));
    await expect(second).rejects.toThrow(`stage-1 is already up at ${first.url} (pid ${process.pid}): Ctrl-C`);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it('a name that can be no folder', async () => {
    await expect(up(await serverTopology({ app: {} }), { instance: '../x' })).rejects.toThrow(/can't name an instance/);
  });

  it('settings for a box that is not there', async () => {
    await expect(up(await serverTopology({ app: {} }), { env: { ap: {} } })).rejects.toThrow('boxes are app');
  });
});

describe('what a dead launcher left', () => {
  it('needs no cleaning up', async () => {
    mkdirSync(runFile('stage-1', 'logs'), { recursive: true });
    const dead = { pid: 2 ** 22 - 1, started: '1' };
    writeFileSync(runFile('stage-1', 'launcher.lock'), JSON.stringify(dead));
    writeFileSync(runFile('stage-1', 'control.sock'), '');
    writeFileSync(runFile('stage-1', 'ready.json'), JSON.stringify({ schema: 1, launcherPid: dead.pid }));
    const instance = await up(await serverTopology({ app: {} }));
    expect(JSON.parse(readFileSync(runFile('stage-1', 'ready.json'), 'utf8')).url).toBe(instance.url);
  });
});

describe('a box that dies unasked', () => {
  it('is started again after a second, and ready.json has its new pid', async () => {
    const instance = await up(await serverTopology({ app: {} }));
    const { pid } = instance.box('app');
    process.kill(pid, 'SIGKILL');
    await eventually(() => lines.some((line) => line.startsWith('app is back')), 'app is back');
    expect(lines).toContain('app ended (killed by SIGKILL); starting it again in 1 s (1 of 5)');
    const ready = JSON.parse(readFileSync(runFile('stage-1', 'ready.json'), 'utf8'));
    expect(ready.boxes[0].pid).toBe(instance.box('app').pid);
    expect(ready.boxes[0].pid).not.toBe(pid);
  });

  it('stays down while it is held, and starts when it is released', async () => {
    const instance = await up(await serverTopology({ app: {} }));
    await control(workspace.root, 'stage-1', { do: 'hold', box: 'app' });
    await control(workspace.root, 'stage-1', { do: 'signal', box: 'app', signal: 'SIGKILL' });
    await eventually(() => lines.some((line) => line.includes('it is held')), 'app stays down');
    const { boxes, data } = await control(workspace.root, 'stage-1', { do: 'status' });
    expect(data).toBe(instance.folders.data);
    expect(boxes).toEqual([{ box: 'app', pid: null, state: 'down', restarts: 0, held: true }]);
    await control(workspace.root, 'stage-1', { do: 'release', box: 'app' });
    await eventually(
      () =>
        fetch(`${instance.url}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      'app answers again',
    );
  });
});

describe('what a box wants done before it starts', () => {
  const prepared = (script: string) => ({
    run: ['node', '-e', script],
    env: { DATA_DIR: '${data}', NODE: '${box}', PORT_OF_APP: '${port:app}' },
  });

  it('is done before each start, in the stage, with placeholders filled in', async () => {
    const script = `const { appendFileSync } = require('node:fs'); const { DATA_DIR, NODE, PORT_OF_APP } = process.env;
      appendFileSync(DATA_DIR + '/prepared', [process.cwd(), NODE, PORT_OF_APP].join(' ') + '\\n'); console.log('done so')`;
    const instance = await up(await serverTopology({ app: { prepare: prepared(script) } }));
    const line = `${realpathSync(workspace.folder)} app ${instance.box('app').port}\n`;
    const found = () => readFileSync(runFile('stage-1', 'data', 'prepared'), 'utf8');
    expect(found()).toBe(line);
    expect(readFileSync(runFile('stage-1', 'logs', 'app.log'), 'utf8')).toContain('done so');
    await control(workspace.root, 'stage-1', { do: 'kill', box: 'app' });
    await eventually(() => lines.some((said) => said.includes('app is back')), 'app is back');
    expect(found()).toBe(line + line);
  });

  it('is told in one line when it fails, and nothing is started', async () => {
    const topology = await serverTopology({ app: { prepare: prepared("console.error('no data'); process.exit(1)") } });
    await expect(up(topology)).rejects.toThrow('box app could not be prepared: no data');
    expect(existsSync(runFile('stage-1', 'ready.json'))).toBe(false);
  });

  it('ends with the box when it is killed meanwhile: who asked for its end must not meet it afterwards', async () => {
    const script = `const { existsSync, writeFileSync } = require('node:fs'); const once = process.env.DATA_DIR + '/once';
      if (existsSync(once)) { writeFileSync(once, String(process.pid)); setTimeout(() => {}, 30_000); }
      else writeFileSync(once, '');`;
    await up(await serverTopology({ app: { prepare: prepared(script) } }));
    const preparing = () => Number(readFileSync(runFile('stage-1', 'data', 'once'), 'utf8'));
    await control(workspace.root, 'stage-1', { do: 'kill', box: 'app' });
    await eventually(() => preparing() > 0, 'it is being prepared');
    await control(workspace.root, 'stage-1', { do: 'hold', box: 'app' });
    await control(workspace.root, 'stage-1', { do: 'kill', box: 'app' });
    expect(alive(preparing())).toBe(false);
    await sleep(1500);
    const { boxes } = await control(workspace.root, 'stage-1', { do: 'status' });
    expect(boxes).toEqual([{ box: 'app', pid: null, state: 'down', restarts: 1, held: true }]);
    expect(lines).toContain('app ended (box app was killed before it was ready); it is held, so it stays down');
  });

  it('may not take for ever', async () => {
    const prepare = { run: ['node', '-e', 'setInterval(() => {}, 1000)'], timeoutMs: 300 };
    const topology = await serverTopology({ app: { prepare } });
    await expect(up(topology)).rejects.toThrow(/^box app could not be prepared within 0\.3 s/);
  });
});

describe('the control socket', () => {
  it('says what it does not know', async () => {
    await up(await serverTopology({ app: {} }));
    const ask = (request: object) => control(workspace.root, 'stage-1', request as never);
    await expect(ask({ do: 'failover' })).rejects.toThrow(/^stage-1: do: /);
    await expect(ask({ do: 'roll' })).rejects.toThrow('no box has any');
    await expect(ask({ do: 'hold', box: 'web' })).rejects.toThrow('no box web; boxes: app');
    await expect(ask({ do: 'signal', box: 'app', signal: 'SIGWINCH' })).rejects.toThrow(/signal: /);
    await expect(control(workspace.root, 'stage-9', { do: 'status' })).rejects.toThrow('stage-9 is not up');
  });
});

function listenOn(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}
