import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replicatedTopology } from './fixtures/replicated.ts';
import { type Cli, day90, eventually, makeWorkspace, refusal, saveTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let file: string;
let started: Cli[];

beforeEach(async () => {
  workspace = makeWorkspace();
  started = [];
  file = saveTopology(workspace.folder, await replicatedTopology(workspace.folder));
});
afterEach(async () => {
  for (const cli of started) if (cli.child.exitCode === null) cli.child.kill('SIGTERM');
  await Promise.all(started.map((cli) => cli.exited));
  workspace.remove();
});

function run(...args: string[]): Cli {
  const cli = day90(workspace.folder, args);
  started.push(cli);
  return cli;
}

async function output(...args: string[]): Promise<string> {
  const cli = run(...args);
  await cli.exited;
  return cli.output().trim();
}

async function start(...args: string[]): Promise<Cli> {
  const cli = run('start', file, '--quiet', ...args);
  await eventually(() => cli.output().includes('Ctrl-C ends all of it'), `up: ${cli.output()}`, 15_000);
  return cli;
}

const ready = () => JSON.parse(readFileSync(join(workspace.root, '.run', 'stage-1', 'ready.json'), 'utf8'));

describe('day90 scale and roll', () => {
  it('change a topology that is up, and say what they do', async () => {
    await start();
    const scaled = run('scale', file, '3');
    expect(await scaled.exited).toBe(0);
    expect(scaled.output()).toMatch(/^app-3 ready in \d\.\d s\nstage-1 has 3 boxes of app\n$/);
    expect(await output('status')).toMatch(/app-1 \d+, app-2 \d+, web \d+, app-3 \d+/);

    const pids = () => ready().boxes.map(({ pid }: { pid: number }) => pid);
    const before = pids();
    const rolled = run('roll', file);
    expect(await rolled.exited).toBe(0);
    expect(rolled.output()).toMatch(
      /^app-1 was ended .*\(1 of 3\)\napp-2 .*\napp-3 .*\nevery box of app in stage-1 was restarted\n$/,
    );
    expect(pids().filter((pid: number) => before.includes(pid))).toHaveLength(2);

    const down = run('scale', file, 'app=1');
    expect(await down.exited).toBe(0);
    expect(ready().boxes.map(({ name }: { name: string }) => name)).toEqual(['store', 'app-1', 'web']);

    const [, last] = pids();
    const outage = 'there is one box of app: nobody answers for it from its end until it is back';
    const refused = run('roll', file);
    expect(await refused.exited).toBe(1);
    expect(refusal(refused.output())).toBe(
      `stage-1: ${outage}; \`scale 2\` first makes it none, --force goes on all the same`,
    );
    expect(pids()).toContain(last);
    const forced = run('roll', file, '--force');
    expect(await forced.exited).toBe(0);
    expect(forced.output().split('\n').slice(0, 2)).toEqual([
      outage,
      expect.stringMatching(/^app-1 was ended .*1 of 1/),
    ]);
    expect(pids()).not.toContain(last);
  });

  it.each<[string[], RegExp]>([
    [['scale', '0'], /^0 boxes of app: 1 to 4 are possible, since fewer could not answer for it$/],
    [['scale', '99'], /^99 boxes of app: 1 to 4 are possible, for which its topology keeps ports \(\d+ to \d+\)$/],
    [['scale', '-1'], /^-1 boxes of app: 1 to 4 are possible/],
    [['scale', 'x'], /'x' is invalid.*A whole number is needed, such as 3/],
    [['scale', '2.5'], /'2\.5' is invalid/],
    [['scale', 'app='], /'app=' is invalid.*or worker=3/],
    [['scale', 'web=3', '--box', 'app'], /^web has no replicas; boxes with replicas: app$/],
    [['scale', '3', '--box', 'web'], /^web has no replicas; boxes with replicas: app$/],
    [['scale', '3'], /^stage-1 is not up: `npx -y pnpm status` lists what is$/],
    [['roll', '--instance', 'mine'], /^mine is not up/],
  ])('refuse %j in one line', async ([command = '', ...args], message) => {
    const cli = run(command, file, ...args);
    expect(await cli.exited).toBe(1);
    expect(refusal(cli.output())).toMatch(message);
  });
});

describe("a topology's own flags of day90 start", () => {
  it('are taken', async () => {
    const cli = await start('--balance=round-robin', '--store-rtt', '5ms');
    expect(ready().links).toEqual([{ from: 'app', to: 'store', port: expect.any(Number), rttMs: 5 }]);
    expect(cli.output()).toContain('5 ms of round-trip time between app and store');
    const conf = readFileSync(join(workspace.root, '.run', 'stage-1', 'conf', 'web', 'nginx.conf'), 'utf8');
    expect(conf).not.toContain('least_conn');
  });

  it('are in its help', async () => {
    const help = (await output('start', file, '--help')).replace(/\s+/g, ' '); // lines are broken where they get long
    expect(help).toContain('least-conn, round-robin, weighted; least-conn unless told');
    expect(help).toMatch(/--store-rtt <time>\s+round-trip time to add between app and store/);
  });

  it.each<[string[], RegExp]>([
    [['--balance=foo'], /^--balance foo: allowed are least-conn, round-robin, weighted$/],
    [['--store-rtt', '-1'], /^--store-rtt -1: a round-trip time from 0 to 1000 ms, such as 10ms$/],
    [['--store-rtt=1001'], /^--store-rtt 1001: a round-trip time/],
    [['--blance=foo'], /^unknown option '--blance=foo'.*--balance, --store-rtt/],
  ])('are refused in one line as %j', async (args, message) => {
    const cli = run('start', file, ...args);
    expect(await cli.exited).toBe(1);
    expect(refusal(cli.output())).toMatch(message);
  });
});
