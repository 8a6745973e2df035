import { allSteps, fileBefore, textAfter } from '../step-diff/step.ts';
import { type FileDiff, type StepDiff, stepDiff } from '../step-diff/step-diff.ts';
import { type Highlight, highlighter } from './highlight.ts';
import type { FileHtml } from './hunk-html.ts';

/** The steps of the repository, as their pages need them. */
export interface Steps {
  /** By number. */
  diffs: Map<number, StepDiff>;
  /** The lines of a file, highlighted when they are asked for first: both languages show the same. */
  htmlOf(diff: StepDiff, file: FileDiff): FileHtml;
}

/** Reads all steps. */
export async function readSteps(workspace: string): Promise<Steps> {
  const all = allSteps(workspace);
  const highlight = await highlighter();
  const known = new Map<FileDiff, FileHtml>();
  return {
    diffs: new Map(all.map((step) => [step.number, stepDiff(step, all)])),
    htmlOf(diff, file) {
      const html = known.get(file) ?? fileHtml(diff, file, highlight);
      known.set(file, html);
      return html;
    },
  };
}

function fileHtml({ step }: StepDiff, { path }: FileDiff, highlight: Highlight): FileHtml {
  const before = fileBefore(step, path)?.text;
  return { after: highlight(path, textAfter(step, path)), before: before === undefined ? [] : highlight(path, before) };
}
