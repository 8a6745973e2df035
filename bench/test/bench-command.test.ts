import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { parseResult } from '../src/result.ts';
import { ToyWorkspace } from './toy-workspace.ts';

const toy = new ToyWorkspace();
afterAll(() => toy.remove());

describe('bad input of a bench', () => {
  it.each([
    [['stage-9'], 'no stage stage-9; stages: stage-1'],
    [['stage-1', '--claim', 'nope'], 'no claim nope of stage-1; claims: toy, broken'],
    [
      ['stage-1', '--fast'],
      "unknown option '--fast'; pnpm bench knows --claim, --quick, --save, --json, --scale, --help",
    ],
    [['stage-1', '--scale', 'huge'], 'Allowed choices are small, medium, full'],
    [['stage-1', '--quick', '--save'], '--save keeps figures for others'],
    [[], "missing required argument 'stage'"],
  ])('%j is one line that names what is allowed', async (args, line) => {
    const { code, out, err } = await toy.run(args);
    expect(err).toContain(line);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('names a scale from the environment that there is not', async () => {
    const { code, err } = await toy.run(['stage-1'], { SCALE: 'huge' });
    expect(err).toBe('SCALE=huge: must be one of small, medium, full [D90-INPUT]\n');
    expect(code).toBe(1);
  });

  it('explains itself when asked', async () => {
    const { code, out } = await toy.run(['--help']);
    expect(out).toContain('pnpm bench stage-1 --quick');
    expect(code).toBe(0);
  });
});

describe('a bench', () => {
  const results = () => toy.list('.run/results');
  afterEach(() => {
    expect(leftovers(toy)).toEqual([]);
  });

  it('writes a sealed result and a report, and prints nothing but JSON with --json', async () => {
    const { code, out } = await toy.run(['stage-1', '--quick', '--json']);
    expect(code).toBe(0);
    expect(results()).toEqual(['stage-1.html', 'stage-1.toy.json']);
    const result = parseResult(readFileSync(`${toy.root}/.run/results/stage-1.toy.json`, 'utf8'), 'stage-1.toy.json');
    expect(JSON.parse(out).results).toEqual([result]);
    expect(result).toMatchObject({
      ...{ stage: 'stage-1', claim: 'toy', quick: true, verdict: 'faster', goal: { met: true } },
      counts: [{ before: 101, after: 1, goal: { met: true } }],
      accounting: { offered: 1000, answered: 1000, dropped: 0 },
    });
    expect(result.estimate).toBeCloseTo(4, 1);
  });

  it('keeps a result in bench/results with --save, and goes on when another claim fails', async () => {
    const { code, out, err } = await toy.run(['stage-1', '--save']);
    expect(err).toContain('broken could not be measured: the toy is broken');
    expect(out).toContain('Report: ');
    const [machine] = toy.list('bench/results');
    expect(toy.list(`bench/results/${machine}`)).toEqual(['stage-1.toy.json']);
    expect(code).toBe(1);
    const again = await toy.run(['stage-1', '--save']); // with the first result there, and not yet in a commit
    expect(again.err).not.toContain('was not saved');
  });

  it('is void when k6 could not send every arrival', async () => {
    const { code, out } = await toy.run(['stage-1', '--quick', '--json'], { FAKE_K6: 'drop' });
    const [result] = JSON.parse(out).results;
    expect(result).toMatchObject({ verdict: 'void', goal: { met: false } });
    expect(result.why).toContain('k6 could not send 3 of');
    expect(code).toBe(1);
  });

  it('says in one line what k6 could not do', async () => {
    const { code, out, err } = await toy.run(['stage-1', '--quick', '--json'], { FAKE_K6: 'fail' });
    expect(err).toContain('toy could not be measured: k6 ended with 107: no such script\n');
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });
});

describe('a bench that is stopped', () => {
  it.each([
    ['SIGINT' as const, 130],
    ['SIGKILL' as const, null],
  ])('by %s leaves nothing running and no result', async (signal, expected) => {
    const stopped = new ToyWorkspace();
    try {
      const pidFile = `${stopped.root}/k6.pid`;
      const { child, ended } = stopped.start(['stage-1'], { FAKE_K6: 'hang', FAKE_K6_PID: pidFile });
      await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
      const boxes = stopped.list('.run').filter((name) => name.startsWith('bench-'));
      const pids = boxes.flatMap((name) => {
        const ready = JSON.parse(readFileSync(`${stopped.root}/.run/${name}/ready.json`, 'utf8'));
        return (ready.boxes as { pid: number }[]).map(({ pid }) => pid);
      });
      child.kill(signal);
      expect((await ended).code).toBe(expected);
      const running = [Number(readFileSync(pidFile, 'utf8')), ...pids];
      expect(running).toHaveLength(3);
      await until(() => running.every((pid) => !isAlive(pid)) && leftovers(stopped).length === 0);
      expect(stopped.list('.run/results')).toEqual([]);
    } finally {
      stopped.remove();
    }
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 150 && !condition(); i += 1) await sleep(100);
  expect(condition()).toBe(true);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Folders of a run that should be gone after it. */
function leftovers(workspace: ToyWorkspace): string[] {
  return workspace.list('.run').filter((name) => /^(scratch|bench)-/.test(name));
}
