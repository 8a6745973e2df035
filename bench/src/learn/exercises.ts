import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { allStages, type Stage } from '@day90/infra';

/** What a reader does with one stage: says a number beforehand, makes something fail on purpose, and builds a little more. */
export interface Exercises {
  predict: Predict;
  break: Break;
  extend: Extend;
}

/** A number to be said before it is looked up or measured. */
export interface Predict {
  question: string;
  /** `×` of a ratio, else that of the quantity. */
  unit: string;
  /** The result that answers, `stage-1.feed`: its headline ratio, or with `value` one of its quantities. */
  result: string;
  value?: string;
  /** Why it is so. */
  why: string;
}

/** A change that takes a protection away, and the test that notices. */
export interface Break {
  task: string;
  /** The file to change, from the stage's folder, and what to put in place of what. */
  file: string;
  find: string;
  replaceBy: string;
  /** The test that must fail then: its file, from the stage's folder, and a part of its name. */
  test: { file: string; name: string };
  why: string;
}

/** Something to build, and the tests that tell when it is there: they are no part of the usual ones. */
export interface Extend {
  task: string;
  hints: string[];
  /** The file of these tests, from the stage's folder. */
  check: string;
  /** What to think about once it is there. */
  after: string;
}

/** The exercises of one stage. */
export interface StagedExercises {
  stage: Stage;
  exercises: Exercises;
}

/** The exercises that the stages of a workspace export from `learn/index.ts`, in the stages' order. */
export async function loadExercises(root: string): Promise<StagedExercises[]> {
  const all: StagedExercises[] = [];
  for (const stage of allStages(root)) {
    const file = `${stage.folder}/learn/index.ts`;
    if (!existsSync(file)) continue;
    const { exercises } = (await import(pathToFileURL(file).href)) as { exercises: Exercises };
    all.push({ stage, exercises });
  }
  return all;
}
