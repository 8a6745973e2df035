import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseResult, referenceFolder } from '@day90/bench/documents';
import { type Exercises, loadExercises } from '@day90/bench/learn';
import { type Measured, measuredIn } from '@day90/bench/learn/score';
import { parse } from 'yaml';

/** What a reader is told, in one language. */
interface ExerciseTexts {
  question: string;
  answer: string;
  break: string;
  noticed: string;
  extend: string;
  hints: string[];
  after: string;
}

/** A stage's exercises, with the number that a prediction is compared with. */
export interface ShownExercises {
  stage: string;
  /** From the root. */
  folder: string;
  unit: string;
  measured: Measured;
  change: Pick<Exercises['break'], 'file' | 'find' | 'replaceBy'> & { test: string };
  check: string;
  texts: { en: ExerciseTexts; ko: ExerciseTexts };
}

/** Where the other language stands, from the root. */
const KOREAN = 'docs/ko/exercises.yml';

/**
 * The exercises of all stages.
 * @throws {Error} Where a result that a prediction is about is not there, or the Korean text is of another English one.
 */
export async function shownExercises(root: string): Promise<ShownExercises[]> {
  const korean = parse(readFileSync(`${root}/${KOREAN}`, 'utf8')) as Record<string, ExerciseTexts & { of: string }>;
  return (await loadExercises(root)).map(({ stage, exercises }) => {
    const { predict, break: broken, extend } = exercises;
    const en = englishTexts(exercises);
    const { of, ...ko } = korean[stage.name] ?? { ...en, of: 'nothing' };
    if (of !== hashOf(en))
      throw new Error(
        `${KOREAN}: ${stage.name} is of other English exercises: bring it in step, and write of: "${hashOf(en)}"`,
      );
    const path = `${referenceFolder(root)}/${predict.result}.json`;
    return {
      ...{ stage: stage.name, folder: stage.folder.slice(root.length + 1), unit: predict.unit },
      measured: measuredIn(parseResult(readFileSync(path, 'utf8'), path), predict),
      change: { ...broken, test: broken.test.file },
      check: extend.check,
      texts: { en, ko },
    };
  });
}

function englishTexts({ predict, break: broken, extend }: Exercises): ExerciseTexts {
  return {
    ...{ question: predict.question, answer: predict.why, break: broken.task, noticed: broken.why },
    ...{ extend: extend.task, hints: extend.hints, after: extend.after },
  };
}

function hashOf(texts: ExerciseTexts): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12);
}
