import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Topology } from '../src/index.ts';
import { commandOf } from '../src/processes.ts';
import {
  type Cli,
  day90,
  day90Below,
  eventually,
  makeWorkspace,
  refusal,
  saveTopology,
  serverTopology,
} from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let started: Cli[];

beforeEach(() => {
  workspace = makeWorkspace();
  started = [];
});
afterEach(async () => {
  for (const cli of started) if (cli.child.exitCode === null) cli.child.kill('SIGTERM');
  await Promise.all(started.map((cli) => cli.exited));
  workspace.remove();
});

function run(cli: Cli): Cli {
  started.push(cli);
  return cli;
}

async function start(boxes: Parameters<typeof serverTopology>[0], args: string[] = [], rest: Partial<Topology> = {}) {
  const topology = await serverTopology(boxes, rest);
  const cli = run(day90(workspace.folder, ['start', saveTopology(workspace.folder, topology), ...args]));
  return { cli, topology };
}

const readyFile = (instance = 'stage-1') => join(workspace.root, '.run', instance, 'ready.json');
const up = (cli: Cli) =>
  eventually(() => cli.output().includes('Ctrl-C ends all of it'), `up: ${cli.output()}`, 15_000);
const boxPids = (): number[] =>
  JSON.parse(readFileSync(readyFile(), 'utf8')).boxes.map((box: { pid: number }) => box.pid);

/** Those that still run; a zombie, which waits for init alone, has no command line. */
function alive(pids: number[]): number[] {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0) && commandOf(pid) !== 'unknown';
    } catch {
      return false;
    }
  });
}

/** What the box `app` started in a session of its own. */
const grandchild = async (topology: Topology): Promise<number> =>
  ((await (await fetch(`http://127.0.0.1:${topology.boxes.app?.port}/grandchild`)).json()) as { pid: number }).pid;

describe('day90 start', () => {
  it('prints what runs where, shows the logs, and ends with 130 at Ctrl-C', async () => {
    const hello = { hello: ['Visit ${url:app}/readyz', 'with ${secret:only-said}'] };
    const { cli, topology } = await start({ mail: { role: 'mail' }, app: { after: ['mail'] } }, [], hello);
    await up(cli);
    const url = `http://127.0.0.1:${topology.boxes.app?.port}`;
    expect(cli.output()).toMatch(new RegExp(`stage-1 is up after \\d\\.\\d s, scale medium: ${url}`));
    expect(cli.output()).toMatch(/box +role +pid +address\n +mail +mail +\d+/);
    expect(cli.output()).toContain(`Visit ${url}/readyz`);
    expect(cli.output()).toMatch(/with [\w-]{43}/);
    await eventually(() => /app {2}\| info GET \/readyz 200 1\.0 ms/.test(cli.output()), 'the log is shown');
    const pids = boxPids();

    cli.child.kill('SIGINT');
    expect(await cli.exited).toBe(130);
    expect(cli.output()).toContain('all of it ended in');
    expect(alive(pids)).toEqual([]);
  });

  it('ends with 0 at SIGTERM, and shows nothing of the boxes with --quiet', async () => {
    const { cli } = await start({ app: {} }, ['--quiet', '--scale', 'small', '--instance', 'mine']);
    await up(cli);
    expect(JSON.parse(readFileSync(readyFile('mine'), 'utf8')).scale).toBe('small');
    cli.child.kill('SIGTERM');
    expect(await cli.exited).toBe(0);
    expect(cli.output()).not.toContain('app |');
  });

  it('ends everything at a Ctrl-C while it starts', async () => {
    const { cli, topology } = await start({ mail: {}, app: { after: ['mail'], env: { READY_AFTER_MS: '60000' } } });
    await eventually(() => cli.output().includes('app  | info GET'), 'app is asked', 15_000);
    cli.child.kill('SIGINT');
    expect(await cli.exited).toBe(130);
    for (const box of Object.values(topology.boxes))
      await expect(fetch(`http://127.0.0.1:${box.port}`)).rejects.toThrow();
    expect(existsSync(readyFile())).toBe(false);
  });

  it('ends within the stop time and some more when no box listens, however many', async () => {
    const deaf = { env: { STUBBORN: '1' }, stopTimeoutMs: 2000 };
    const { cli } = await start({ mail: deaf, jobs: deaf, app: deaf });
    await up(cli);
    const pids = boxPids();
    const began = performance.now();
    cli.child.kill('SIGINT');
    expect(await cli.exited).toBe(130);
    expect(performance.now() - began).toBeLessThan(3 * 2000); // what they take one after the other
    expect(alive(pids)).toEqual([]);
  });

  it('kills at a second Ctrl-C', async () => {
    const { cli } = await start({ app: { env: { STUBBORN: '1' } } });
    await up(cli);
    const pids = boxPids();
    cli.child.kill('SIGINT');
    await eventually(() => cli.output().includes('ending stage-1'), 'the first was heard');
    setTimeout(() => cli.child.kill('SIGINT'), 700);
    expect(await cli.exited).toBe(130);
    await eventually(() => alive(pids).length === 0, 'boxes killed');
  });

  it('leaves nothing alive after kill -9, not even a daemon of a box, and starts again', async () => {
    const { cli, topology } = await start({
      mail: {},
      app: { env: { GRANDCHILD: '1', STUBBORN: '1' }, stopTimeoutMs: 300 },
    });
    await up(cli);
    const pids = [...boxPids(), await grandchild(topology)];
    expect(alive(pids)).toHaveLength(3);
    cli.child.kill('SIGKILL');
    await eventually(() => alive(pids).length === 0, 'all ended');
    await eventually(() => !existsSync(readyFile()), 'ready.json is gone', 1000);

    const again = run(day90(workspace.folder, ['start', saveTopology(workspace.folder, topology)]));
    await up(again);
  });

  it('ends while it loads data when what it was started from is ended', async () => {
    const load = ['node', '-e', 'console.error("loading as " + process.pid); setInterval(() => {}, 1e6)'];
    const topology = await serverTopology({ app: {} }, { data: { engine: 'sqlite', version: 1, load } });
    const cli = run(day90Below(workspace.folder, ['start', saveTopology(workspace.folder, topology)]));
    const pid = await eventually(() => /loading as (\d+)/.exec(cli.output())?.[1], 'it loads');
    cli.child.kill('SIGKILL');
    await eventually(() => alive([Number(pid)]).length === 0, 'the loader ended');
    await eventually(() => readdirSync(join(workspace.root, '.run', 'templates')).length === 0, 'nothing half-loaded');
  });

  it('ends when what it was started from is ended', async () => {
    const file = saveTopology(workspace.folder, await serverTopology({ app: {} }));
    const cli = run(day90Below(workspace.folder, ['start', file]));
    await up(cli);
    const pids = [...boxPids(), JSON.parse(readFileSync(readyFile(), 'utf8')).launcherPid];
    cli.child.kill('SIGKILL');
    await eventually(() => alive(pids).length === 0, 'launcher and boxes ended');
    expect(cli.output()).toMatch(/ending stage-1 \(pid \d+, from which it was started, is gone/);
  });
});

describe('day90 status', () => {
  it('lists what is up, as JSON, too', async () => {
    const { cli } = await start({ app: {} });
    await up(cli);
    const json = run(day90(workspace.root, ['status', '--json']));
    await json.exited;
    expect(JSON.parse(json.output())).toEqual({
      schema: 1,
      instances: [
        expect.objectContaining({
          instance: 'stage-1',
          state: 'up',
          launcherPid: cli.pid,
          memoryBytes: expect.any(Number),
          boxes: [
            { box: 'app', pid: boxPids()[0], state: 'up', restarts: 0, held: false, memoryBytes: expect.any(Number) },
          ],
        }),
      ],
    });
    const words = run(day90(workspace.root, ['status']));
    await words.exited;
    expect(words.output()).toMatch(/stage-1 +up +http:\/\/127\.0\.0\.1:\d+ +medium +\d+ +\d+ MB +app \d+/);

    const reset = run(day90(workspace.root, ['reset', 'stage-1', '--yes']));
    expect(await reset.exited).toBe(1);
    expect(reset.output()).toMatch(/stage-1 is up: end it first/);
  });
});

describe('day90 reset', () => {
  it('asks first, and deletes with --yes', async () => {
    const { cli } = await start({ app: {} });
    await up(cli);
    cli.child.kill('SIGTERM');
    await cli.exited;
    const unasked = run(day90(workspace.root, ['reset', 'stage-1']));
    expect(await unasked.exited).toBe(1);
    expect(unasked.output()).toMatch(/delete \.run\/stage-1\? Say so with --yes/);
    expect(existsSync(join(workspace.root, '.run', 'stage-1'))).toBe(true);
    const asked = run(day90(workspace.root, ['reset', 'stage-1', '--yes']));
    expect(await asked.exited).toBe(0);
    expect(existsSync(join(workspace.root, '.run', 'stage-1'))).toBe(false);
  });
});

describe('bad input is one line and exit code 1:', () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['no command', [], {}, /^which command\? One of menu, start, status, logs, scale, roll, reset, preflight, setup/],
    ['an unknown command', ['strat'], {}, /^unknown command 'strat'.*commands: menu, start, status/],
    ['an unknown flag', ['start', 'x.ts', '--quite'], {}, /^unknown option '--quite'.*--scale, --port-base/],
    ['an unknown scale', ['start', 'x.ts', '--scale', 'huge'], {}, /'huge' is invalid.*small, medium, full/],
    ['an unknown SCALE', ['start', 'x.ts'], { SCALE: 'huge' }, /'huge' from env 'SCALE'.*small, medium, full/],
    ['a port base that is no number', ['start', 'x.ts', '--port-base', 'x'], {}, /'x' is invalid. A whole number/],
    ['a topology that is not there', ['start', 'x.ts'], {}, /^no topology x\.ts/],
    ['an unknown stage', ['preflight', 'stage-9'], {}, /^no stage stage-9; stages: stage-1$/],
    ['an unknown instance', ['reset', 'stage-9'], {}, /^no instance stage-9; there is none$/],
  ])('%s', async (_, args, env, message) => {
    const cli = run(day90(workspace.folder, args, env));
    expect(await cli.exited).toBe(1);
    expect(refusal(cli.output())).toMatch(message);
  });

  it('a port base without room', async () => {
    const { cli } = await start({ app: {} }, ['--port-base', '70000']);
    expect(await cli.exited).toBe(1);
    expect(refusal(cli.output())).toBe('port base 70000: a whole number from 1024 to 65535, such as --port-base 4000');
  });
});
