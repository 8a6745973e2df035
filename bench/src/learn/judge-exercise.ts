import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { BadInput, ensureSystemNeeds } from '@day90/infra';
import { referenceFolder } from '../figures/reference-results.ts';
import { parseResult, type Result } from '../result.ts';
import type { Break, Extend, Predict, StagedExercises } from './exercises.ts';
import type { LearnProgress } from './learn-progress.ts';
import { runTests, type TestOutcome } from './run-tests.ts';
import { MOST_POINTS, measuredIn, scored } from './score.ts';
import { again, exerciseText } from './show-exercise.ts';

/** What the three judges need. */
export interface Judging {
  root: string;
  one: StagedExercises;
  progress: LearnProgress;
  signal: AbortSignal;
  say: (text: string) => void;
}

/** Scores a guess against the results in the repository, and shows the reader's own beside them. */
export function judgeGuess({ root, one, progress, say }: Judging, guess: number): void {
  const { predict } = one.exercises;
  const ours = resultOf(referenceFolder(root), predict.result);
  if (!ours) throw new BadInput(`no ${predict.result} in bench/results`, { code: 'D90-NO-RESULTS' });
  const measured = measuredIn(ours, predict);
  const { points, words } = scored(guess, measured);
  progress.note(one.stage.name, { predict: { guess, points } });
  const yours = resultOf(`${root}/.run/results`, predict.result);
  const [, claim] = predict.result.split('.');
  say(
    [
      `You said ${guess}${predict.unit === '×' ? '×' : ` ${predict.unit}`}. Measured: ${measured.text}. ${capital(words)}: ${points} of ${MOST_POINTS} points.`,
      predict.why,
      yours
        ? `On this machine: ${measuredIn(yours, predict).text}.`
        : `On this machine: npx -y pnpm bench ${one.stage.name} --claim ${claim} --quick`,
    ].join('\n\n'),
  );
}

/** Looks whether the change was made, runs the test that must notice it, and asks for the line back. @returns Whether that is over. */
export async function judgeBreak(judging: Judging): Promise<boolean> {
  const { root, one, progress, say } = judging;
  const { stage, exercises } = one;
  const { file, find, test, why }: Break = exercises.break;
  const isAsItWas = readFileSync(`${stage.folder}/${file}`, 'utf8').includes(find);
  const back = `Put the line back: git restore ${relative(root, stage.folder)}/${file}`;
  if (progress.of(stage.name).break === 'red') {
    if (!isAsItWas) say(`${file} is still changed. ${back}`);
    else progress.note(stage.name, { break: 'done' });
    return isAsItWas;
  }
  if (isAsItWas) {
    say(exerciseText(one, 'break'));
    return false;
  }
  say(`Running "${test.name}" …`);
  const outcomes = await tested(judging, test.file, test.name);
  if (outcomes.length === 0) throw new BadInput(`no test "${test.name}" in ${test.file} of ${stage.name}`);
  const red = outcomes.find(({ passed }) => !passed);
  if (!red) {
    say(`It still passes: your change does not break what it holds. ${again(stage.name)} --hint shows the line.`);
    return false;
  }
  progress.note(stage.name, { break: 'red' });
  say([`Red, and noticed by "${red.name}":`, red.says, why, `${back}, then ${again(stage.name)}`].join('\n\n'));
  return false;
}

/** Runs the tests of what was to be built. @returns Whether all of them pass. */
export async function judgeExtend(judging: Judging): Promise<boolean> {
  const { one, progress, say } = judging;
  const { stage, exercises } = one;
  const { check, after }: Extend = exercises.extend;
  say(`${exerciseText(one, 'extend')}\nRunning the check …`);
  const outcomes = await tested(judging, check);
  for (const { name, passed } of outcomes) say(`${passed ? '✓' : '✗'} ${name}`);
  const failed = outcomes.find(({ passed }) => !passed);
  if (failed || outcomes.length === 0) {
    say(`\nNot there yet. The first one says:\n${failed?.says ?? 'nothing'}`);
    return false;
  }
  progress.note(stage.name, { extend: 'done' });
  say(`\nIt is there. ${after}`);
  return true;
}

/** What the tests say, with the system packages that they work with. */
async function tested({ root, one, signal }: Judging, file: string, name?: string): Promise<TestOutcome[]> {
  await ensureSystemNeeds(one.stage.name, 'bench', { signal });
  return runTests(root, `${one.stage.folder}/${file}`, name, signal);
}

function resultOf(folder: string, name: Predict['result']): Result | undefined {
  const path = `${folder}/${name}.json`;
  if (!existsSync(path)) return undefined;
  const result = parseResult(readFileSync(path, 'utf8'), path);
  return result.verdict === 'void' ? undefined : result;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
