import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { referenceResults } from '../src/figures/reference-results.ts';
import { loadExercises, type StagedExercises } from '../src/learn/exercises.ts';
import { guessIn } from '../src/learn/guess.ts';
import { type Judging, judgeBreak, judgeExtend, judgeGuess } from '../src/learn/judge-exercise.ts';
import { LearnProgress } from '../src/learn/learn-progress.ts';
import { measuredIn, scored } from '../src/learn/score.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('the exercises of the stages', () => {
  it('are there for each of the seven', async () => {
    const all = await loadExercises(ROOT);
    expect(all.map(({ stage }) => stage.number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('ask for numbers that were measured', async () => {
    const results = referenceResults(ROOT.slice(0, -1));
    for (const { exercises } of await loadExercises(ROOT)) {
      const { value } = measuredIn(results(exercises.predict.result), exercises.predict);
      expect(value).toBeGreaterThan(0);
    }
  });

  it('break a line that is there once, and name a test that is there', async () => {
    for (const { stage, exercises } of await loadExercises(ROOT)) {
      const { file, find, replaceBy, test } = exercises.break;
      expect(readFileSync(`${stage.folder}/${file}`, 'utf8').split(find)).toHaveLength(2);
      expect(replaceBy).not.toContain(find);
      expect(existsSync(`${stage.folder}/${test.file}`)).toBe(true);
      expect(existsSync(`${stage.folder}/${exercises.extend.check}`)).toBe(true);
    }
  });
});

describe('a guess', () => {
  const measured = { value: 3.3, lo: 3, hi: 3.6, text: '' };
  it.each([
    [3.3, 3, 'that is it'],
    [2.9, 3, 'that is it'],
    [5, 2, 'close'],
    [1.1, 1, 'the right size'],
    [100, 0, 'off by a factor of 28'],
    [0.03, 0, 'off by a factor of 100'],
  ])('of %d for 3 to 3.6 is worth %d points: %s', (guess, points, words) => {
    expect(scored(guess, measured)).toEqual({ points, words });
  });
});

describe('a number that is typed', () => {
  it.each([
    ['2.5', 2.5],
    [' 2,5 ', 2.5],
    ['4,200', 4200],
    ['0,250', 0.25],
    ['0', undefined],
    ['', undefined],
    ['ten', undefined],
  ])('%j is %d', (text, guess) => {
    expect(guessIn(text)).toBe(guess);
  });
});

describe('going through the exercises of a stage', () => {
  let root: string;
  let said: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'day90-learn-test-'));
    said = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  async function judging(change: (one: StagedExercises) => StagedExercises = (one) => one): Promise<Judging> {
    const [first] = await loadExercises(ROOT);
    return {
      ...{ root: ROOT.slice(0, -1), one: change(first as StagedExercises), progress: new LearnProgress(root) },
      ...{ signal: new AbortController().signal, say: (text) => said.push(text) },
    };
  }

  it('keeps what was guessed, and goes on with what is open', async () => {
    judgeGuess(await judging(), 100);
    expect(said.join()).toMatch(
      /^You said 100×\. Measured: [\d.]+× \[[\d.–]+\]\. Off by a factor of \d+: 0 of 3 points\./,
    );
    expect(new LearnProgress(root).of('stage-1').predict).toEqual({ guess: 100, points: 0 });
    expect(new LearnProgress(root).next('stage-1')).toBe('break');
  });

  it('takes a break for one when its test fails, and for done when the line is back', async () => {
    const stage = { name: 'stage-1', number: 1, folder: root };
    const exercise = { file: 'sum.mjs', find: '1 + 1', replaceBy: '1 - 1' };
    const test = { file: 'sum.test.mjs', name: 'adds (up)' };
    writeFileSync(
      join(root, test.file),
      "import { sum } from './sum.mjs';\ntest('adds (up)', () => expect(sum).toBe(2));\n",
    );
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const broken = await judging(({ exercises }) => ({
      stage,
      exercises: { ...exercises, break: { ...exercises.break, ...exercise, test } },
    }));
    const toy = { ...broken, root };
    const change = (text: string) => writeFileSync(join(root, exercise.file), `export const sum = ${text};\n`);
    const look = async () => [await judgeBreak(toy), toy.progress.of('stage-1').break];

    change('1 + 1');
    expect(await look()).toEqual([false, undefined]);
    change('2');
    expect(await look()).toEqual([false, undefined]);
    expect(said.at(-1)).toContain('It still passes');
    change('1 +');
    await expect(judgeBreak(toy)).rejects.toThrow("sum.test.mjs can't be loaded");
    change('1 - 1');
    expect(await look()).toEqual([false, 'red']);
    expect(said.at(-1)).toContain('Red, and noticed by "adds (up)"');
    expect(await look()).toEqual([false, 'red']);
    change('1 + 1');
    expect(await look()).toEqual([true, 'done']);
  }, 60_000);

  it('says of what is not built yet what the first test of it says', async () => {
    const asked = await judging();
    expect(await judgeExtend(asked)).toBe(false);
    expect(said.join('\n')).toMatch(
      /✗ the posts that have changed since are searched for by an index[\s\S]*SCAN posts/,
    );
    expect(asked.progress.of('stage-1').extend).toBeUndefined();
  }, 60_000);
});
