import { basename } from 'node:path';
import type { StagedExercises } from './exercises.ts';
import type { Kind, LearnProgress } from './learn-progress.ts';
import { KINDS } from './learn-progress.ts';
import { MOST_POINTS } from './score.ts';

/** How a reader goes on in a stage, also where an earlier one is not done. */
export function again(stage: string): string {
  return `npx -y pnpm learn ${stage}`;
}

/** What the reader is to do now, and how to go on from there. */
export function exerciseText({ stage, exercises }: StagedExercises, kind: Kind): string {
  const path = (file: string) => `stages/${basename(stage.folder)}/${file}`;
  const title = `${stage.name} · ${kind}`;
  const command = again(stage.name);
  if (kind === 'predict') {
    const { question, unit } = exercises.predict;
    return lines(title, question, `Say a number${unit === '×' ? '' : `, in ${unit}`}: ${command} --answer <number>`);
  }
  if (kind === 'break') {
    const { task, file, test } = exercises.break;
    return lines(
      title,
      task,
      `File: ${path(file)}\nNoticed by: ${path(test.file)}, "${test.name}"`,
      `Once it is changed: ${command} runs that test. --hint shows the line, --skip goes on.`,
    );
  }
  const { task, check } = exercises.extend;
  return lines(
    title,
    task,
    `Checked by: ${path(check)}`,
    `Once you think it is there: ${command} runs the check. --hint helps, --skip goes on.`,
  );
}

/** What `--hint` says. */
export function hintText({ exercises }: StagedExercises, kind: Kind): string {
  const { predict, break: broken, extend } = exercises;
  if (kind === 'predict')
    return `No hint, but nobody looks: any number above 0 counts. It is the result ${predict.result}.`;
  if (kind === 'break') return `In ${broken.file}:\n- ${broken.find}\n+ ${broken.replaceBy}`;
  return extend.hints.map((hint) => `- ${hint}`).join('\n');
}

/** How far the reader is, in all stages. */
export function progressRows(all: readonly StagedExercises[], progress: LearnProgress): string[][] {
  return [
    ['stage', ...KINDS],
    ...all.map(({ stage: { name } }) => [name, ...KINDS.map((kind) => stateOf(progress, name, kind))]),
  ];
}

function stateOf(progress: LearnProgress, stage: string, kind: Kind): string {
  const { skipped = [], predict, ...rest } = progress.of(stage);
  if (kind === 'predict' && predict) return `${predict.points} of ${MOST_POINTS}`;
  if (kind !== 'predict' && rest[kind]) return rest[kind] === 'red' ? 'red, to be put back' : 'done';
  return skipped.includes(kind) ? 'left out' : '–';
}

function lines(...parts: string[]): string {
  return `\n${parts.join('\n\n')}\n`;
}
