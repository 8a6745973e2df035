import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { allStages } from '@day90/infra';
import { afterAll, describe, expect, it } from '@jest/globals';
import { compareCommand } from '../src/compare/compare-command.ts';
import { KeptRun } from '../src/compare/kept-run.ts';
import { sampleResult } from './sample-result.ts';
import { ToyWorkspace } from './toy-workspace.ts';

const toy = new ToyWorkspace(fileURLToPath(new URL('../src/compare/main.ts', import.meta.url)));
afterAll(() => toy.remove());
const parse = (...args: string[]) => compareCommand(toy.root).parseAsync(['node', 'compare', ...args]);

describe('bad input of compare', () => {
  it.each([
    [['stage-9', 'stage-1'], 'no stage stage-9; stages: stage-1'],
    [['stage-1', 'stage-1'], 'a stage named twice; stages: stage-1'],
    [['stage-1'], 'name two stages, or none for all; stages: stage-1'],
    [['nope.json'], 'give two result files, two folders of them, two stages, or nothing'],
    [['nope.json', 'other.json'], 'no nope.json: give two result files'],
    [['--save'], 'use it with --full'],
    [['--json', '--markdown'], 'use one of the two'],
    [['--resume', '--full'], '--resume goes on as the run was begun'],
    [['--resume'], 'no stopped run to go on with: leave out --resume'],
    [['--force'], '--force is for result files'],
  ])('%j is one line that names what is allowed', async (args, line) => {
    await expect(parse(...args)).rejects.toThrow(line);
    await expect(parse(...args)).rejects.toThrow(/^[^\n]+$/);
  });
});

describe('compare', () => {
  it('prints ours, measures each headline, and writes the report', async () => {
    const { code, out, err } = await toy.run(['--only', 'ladder']);
    expect(err).toContain('stage-1.toy');
    expect(out).toMatch(/Ours, from bench\/results:[\s\S]*stage-1 +toy +– +none in the repository/);
    expect(out).toMatch(/Here:[\s\S]*stage-1 +toy +8\.?\d* ms → 2\.?\d* ms +faster 4\.0/);
    expect(code).toBe(0);
    expect(readFileSync(`${toy.root}/.run/results/compare.html`, 'utf8')).toContain('1. The ladder');
    expect(toy.list('.run')).not.toContain('compare');
  }, 90_000);

  it('lays two result files side by side', async () => {
    const file = `${toy.root}/stage-0.sample.json`;
    writeFileSync(file, JSON.stringify(sampleResult()));
    const { code, out } = await toy.run([file, file, '--markdown']);
    expect(out).toContain('no difference shown 1.00×');
    expect(code).toBe(0);
  });

  it('that is stopped keeps what is finished, and goes on with it by --resume', async () => {
    const pidFile = `${toy.root}/k6.pid`;
    const { child, ended } = toy.start(['--only', 'ladder', '--json'], { FAKE_K6: 'hang', FAKE_K6_PID: pidFile });
    const isOver = () => child.exitCode !== null;
    while (!isOver() && (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '')) await sleep(100);
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped.err).toContain('`npx -y pnpm compare --resume` goes on');
    expect(stopped.code).toBe(130);
    // As if the claim had been finished before the signal came.
    const { commit } = JSON.parse(readFileSync(`${toy.root}/.run/compare/run.json`, 'utf8'));
    KeptRun.resume(toy.root, commit).keepResult(sampleResult({ stage: 'stage-1', claim: 'toy', estimate: 7 }));
    const { out } = await toy.run(['--resume', '--json'], { FAKE_K6: 'fail' });
    expect(JSON.parse(out).ladder).toMatchObject([{ stage: 'stage-1', claim: 'toy', ratio: 7 }]);
  }, 90_000);
});

describe('a stopped run', () => {
  const wish = { parts: ['ladder' as const], full: false, stages: ['stage-1'], commit: 'a'.repeat(40) };

  it('is not gone on with by other code, nor when a part of it was cut off', () => {
    KeptRun.begin(toy.root, wish, () => {});
    expect(() => KeptRun.resume(toy.root, 'b'.repeat(40))).toThrow(
      /measured commit aaaaaaaaaaaa, and this is bbbbbbbbbbbb/,
    );
    writeFileSync(`${toy.root}/.run/compare/stage-1.toy.json`, '{');
    expect(() => KeptRun.resume(toy.root, wish.commit).results).toThrow('leave out --resume to begin anew');
  });

  it('is thrown away with a word by the next one', () => {
    const said: string[] = [];
    KeptRun.begin(toy.root, wish, (line) => said.push(line));
    KeptRun.begin(toy.root, wish, (line) => said.push(line));
    expect(said).toEqual(['what a stopped run had finished is thrown away: --resume would have gone on with it']);
    expect(allStages(toy.root)).toHaveLength(1);
  });
});
