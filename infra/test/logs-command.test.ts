import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loggedInstance } from '../src/logs/logged-instance.ts';
import { type Cli, day90, eventually, makeWorkspace } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

const T = Date.parse('2026-03-01T03:00:00.000Z');

function log(instance: string, box: string, ...lines: object[]): void {
  const folder = join(workspace.root, '.run', instance, 'logs');
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${box}.log`), lines.map((line) => `${JSON.stringify({ box, ...line })}\n`).join(''));
}
async function logs(...args: string[]): Promise<{ code: number | null; output: string }> {
  const cli = day90(workspace.folder, ['logs', ...args]);
  return { code: await cli.exited, output: cli.output() };
}

describe('day90 logs', () => {
  beforeEach(() => {
    log('stage-1', 'app-1', { level: 30, time: T, msg: 'ready' });
    log('stage-1', 'app-2', { level: 50, time: T + 1000, msg: 'failed', requestId: 'req-0001' });
    log('stage-1', 'mail', { level: 30, time: T + 3000, msg: 'mail accepted', requestId: 'req-0001' });
  });

  it('shows the lines of all boxes by time', async () => {
    expect((await logs()).output.split('\n')).toEqual([
      '2026-03-01T03:00:00.000Z app-1 | info ready',
      '2026-03-01T03:00:01.000Z app-2 | error failed requestId=req-0001',
      '2026-03-01T03:00:03.000Z mail  | info mail accepted requestId=req-0001',
      '',
    ]);
  });

  it('shows the way of one request, with times since it began', async () => {
    const { output } = await logs('--request', 'req-0001');
    expect(output).toMatch(/^request req-0001 in stage-1, 2026-03-01T03:00:01.000Z\n/);
    expect(output).toMatch(/\+ +0\.00 ms +app-2 +error failed\n +\+ 2,000 ms +mail +mail accepted\n$/);
    const { hops } = JSON.parse((await logs('--request', 'req-0001', '--json')).output);
    expect(hops).toMatchObject([
      { box: 'app-2', afterMs: 0 },
      { box: 'mail', afterMs: 2000 },
    ]);
  });

  it('--follow goes on with what is written until Ctrl-C', async () => {
    const cli: Cli = day90(workspace.folder, ['logs', '--follow', '--level', 'warn']);
    // Written again and again: when it has begun to listen nobody can see.
    await eventually(() => {
      log('stage-1', 'app-1', { level: 40, time: T, msg: 'new' }, { level: 30, time: T, msg: 'of less weight' });
      return cli.output().includes('app-1 | warn new\n');
    }, 'the new line');
    expect(cli.output()).not.toMatch(/ready|of less weight|failed/);
    cli.child.kill('SIGINT');
    expect(await cli.exited).toBe(130);
  });

  it.each([
    [['--request', 'nobody-has-it'], /^no line of request nobody-has-it in stage-1; .*previous\.log \[D90-INPUT\]$/],
    [['--level', 'loud'], /^.*loud.*trace, debug, info, warn, error, fatal.*$/],
    [['--box', 'ap'], /^no box "ap" in stage-1; there are app-1, app-2, mail \[D90-INPUT\]$/],
  ])('%j is one line, and exit code 1', async (args, said) => {
    const { code, output } = await logs(...args);
    expect(output.trimEnd()).toMatch(said);
    expect(code).toBe(1);
  });
});

describe('which run is meant', () => {
  beforeEach(() => {
    log('stage-1', 'app-1', { level: 30, time: T, msg: 'ready' });
  });
  const meant = (named?: string) => loggedInstance(workspace.root, named);

  it('is the named one, or the only one that ever was', () => {
    expect(meant()).toBe('stage-1');
    expect(meant('stage-1')).toBe('stage-1');
    expect(() => meant('stage-9')).toThrow('no logs of "stage-9"; there are those of stage-1');
  });

  it('is asked where none is up, and more than one was', () => {
    log('stage-2', 'app', { level: 30, time: T, msg: 'ready' });
    expect(() => meant()).toThrow('the logs of which run? --instance is one of stage-1, stage-2');
  });
});
