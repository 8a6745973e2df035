import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { drillResultSchema } from '../src/drill/drill-result.ts';
import { DrillWorkspace } from './drill-workspace.ts';

const toy = new DrillWorkspace();
afterAll(() => toy.remove());

describe('bad input of a drill', () => {
  it.each([
    [
      [],
      'which drill? drills: 1-freeze, 2-kill, 3-calm, 4-stuck, 5-elsewhere, 6-endless, 7-forget, 8-deserted; --stage <stage> runs all of one',
    ],
    [['nope'], 'no drill nope; drills: 1-freeze, 2-kill'],
    [['--stage', 'stage-9'], 'no stage stage-9; stages: stage-1'],
    [['1', '--scale', 'huge'], 'Allowed choices are small, medium, full'],
    [['1', '--slowly'], "unknown option '--slowly'; pnpm drill knows --stage, --list, --mutate"],
  ])('%j is one line that names what is allowed', async (args, line) => {
    const { code, out, err } = await toy.run(args);
    expect(err).toContain(line);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });
});

describe('a drill', () => {
  afterEach(() => {
    expect(leftovers(toy)).toEqual([]);
  });

  it('is listed with what it expects and what it must fail without', async () => {
    const { code, out } = await toy.run(['--list']);
    expect(out).toContain('1-freeze  (stage-1)  the app is frozen for a moment\n    nothing is lost\n');
    expect(out).toContain('must fail when it forgets what it was told');
    expect(code).toBe(0);
  });

  it('passes where everything holds, and keeps what was seen', async () => {
    const { code, out } = await toy.run(['freeze', '--json']);
    const [result] = JSON.parse(out).results;
    expect(result).toMatchObject({ name: '1-freeze', outcome: 'passed', quick: false });
    expect(result.checks.map(({ passed }: { passed: boolean }) => passed)).not.toContain(false);
    expect(result.ledger).toMatchObject({ rejected: 0, unknown: 0, lost: [], doubled: [], ghosts: [] });
    expect(result.ledger.acked).toBeGreaterThan(10);
    const kept = readFileSync(`${toy.root}/.run/results/drills/stage-1.1-freeze.json`, 'utf8');
    expect(drillResultSchema.parse(JSON.parse(kept))).toEqual(result);
    expect(code).toBe(0);
  });

  it('fails when a check does, names it and keeps the logs', async () => {
    const { code, out } = await toy.run(['2-kill']);
    expect(out).toMatch(/BROKEN {2}acknowledged writes that are lost: 0 \([1-9]\d* of/);
    expect(out).toContain('holds   no process ended unasked (none)');
    expect(out).toContain('1 drill was not as it must be: stage-1 2-kill');
    expect(toy.list('.run/results/drills/stage-1.2-kill.logs')).toEqual(['app.log']);
    expect(code).toBe(1);
  });

  it('that may lose what was acknowledged says itself what, and is not asked to lose nothing', async () => {
    const { code, out } = await toy.run(['7-forget']);
    expect(out).toMatch(/holds {3}lost is what was told before, and something is \([1-9]/);
    expect(out).not.toContain('acknowledged writes that are lost');
    expect(code).toBe(0);
  });

  it('fails when its fault does not come about', async () => {
    const { code, out } = await toy.run(['4']);
    expect(out).toContain('BROKEN  fault and healing went through (the sky falls: not within 0.1 s)');
    expect(code).toBe(1);
  });

  it('whose visitors end is not run on without them', async () => {
    const startedAt = performance.now();
    const { code, err } = await toy.run(['8']);
    expect(err).toContain('8-deserted could not be run: a process of the load ended with SIGKILL');
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(code).toBe(1);
  });

  it('that this machine cannot run is skipped with the reason, and is not passed', async () => {
    const { code, out } = await toy.run(['5']);
    expect(out).toContain('skipped: this machine has no such thing');
    expect(out).toContain('0 drills were as they must be; skipped: stage-1 5-elsewhere');
    expect(code).toBe(0);
  });
});

describe('a mutant', () => {
  it.each([
    ['1', 'failed without its protection, as it must', 0],
    ['2', 'failed, but by none of the checks that the mutation is for (mood)', 1],
    ['3', 'PASSED without its protection: the drill proves nothing', 1],
    ['7', 'failed without its protection, as it must', 0],
  ])('of drill %s: %s', async (name, line, expected) => {
    const { code, out } = await toy.run([name, '--mutate']);
    expect(out).toContain(line);
    expect(code).toBe(expected);
  });
});

describe('a drill that is stopped', () => {
  it.each([
    ['SIGINT' as const, 130],
    ['SIGKILL' as const, null],
  ])('by %s leaves nothing running and no result', async (signal, expected) => {
    const stopped = new DrillWorkspace();
    try {
      const { child, ended, err } = stopped.start(['endless']);
      await until(() => err().includes('fault'));
      const [name] = leftovers(stopped);
      const { boxes } = JSON.parse(readFileSync(`${stopped.root}/.run/${name}/ready.json`, 'utf8'));
      child.kill(signal);
      expect((await ended).code).toBe(expected);
      await until(() => boxes.every(({ pid }: { pid: number }) => !isAlive(pid)) && leftovers(stopped).length === 0);
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
function leftovers(workspace: DrillWorkspace): string[] {
  return workspace.list('.run').filter((name) => name.startsWith('drill-'));
}
