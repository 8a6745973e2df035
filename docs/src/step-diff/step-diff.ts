import { changedHunks, type Hunk, newHunks } from './hunks.ts';
import { type ImportChanges, importChanges } from './import-changes.ts';
import { sourceText } from './source-text.ts';
import { fileBefore, newDependencies, type Step, textAfter } from './step.ts';
import { type StepFile, stepFiles } from './step-files.ts';

/** What a step does to a file. */
export interface FileDiff extends StepFile {
  /** Whether it became what it is of a file of the stage before. */
  isChanged: boolean;
  imports: ImportChanges;
  hunks: Hunk[];
  added: number;
  removed: number;
}

/** A step, file by file, in the order in which it is read best. */
export interface StepDiff {
  step: Step;
  /** Packages that no earlier stage depends on. */
  dependencies: string[];
  files: FileDiff[];
}

/**
 * What a step adds and changes, without what says nothing.
 * @param steps - All there are.
 */
export function stepDiff(step: Step, steps: readonly Step[]): StepDiff {
  const files = stepFiles(step).map((file) => fileDiff(step, file));
  return { step, dependencies: newDependencies(step, steps), files: files.filter(({ hunks }) => hunks.length > 0) };
}

function fileDiff(step: Step, file: StepFile): FileDiff {
  const after = sourceText(file.path, textAfter(step, file.path));
  const old = fileBefore(step, file.path);
  const before = old && sourceText(old.path, old.text);
  const stageBefore = step.folder === step.folderBefore ? step.number : step.number - 1;
  const hunks = before
    ? changedHunks({ lines: before.lines, stage: stageBefore }, { lines: after.lines, stage: step.number })
    : newHunks(after.lines, file.path.endsWith('.ts'));
  const signs = hunks.flatMap(({ lines }) => lines).map(({ sign }) => sign);
  return {
    ...file,
    isChanged: before !== undefined,
    imports: importChanges(before?.imports ?? [], after.imports),
    hunks,
    added: signs.filter((sign) => sign === '+').length,
    removed: signs.filter((sign) => sign === '-').length,
  };
}
