import type { Hunk } from './hunks.ts';
import type { FileDiff, StepDiff } from './step-diff.ts';

/** What a text stands beside. */
export interface Anchored {
  file: FileDiff;
  /** One hunk, or all of the file. */
  hunks: Hunk[];
}

/** What begins a text that stands beside a hunk. */
const OPENING = /^:{3,}\s*hunk\s+(\S.*)$/;

/** The anchor in the first line of a container, `src/app.ts #connectCache(`; nothing where the line begins none. */
export function anchorIn(line: string): string | undefined {
  return OPENING.exec(line)?.[1]?.trim();
}

/**
 * What an anchor names.
 * @param anchor - A file of the step, and what stands in one of its hunks: `src/app.ts #connectCache(`.
 * @throws {Error} When there is no such file or hunk, or more than one.
 */
export function anchored(diff: StepDiff, anchor: string): Anchored {
  const [path = '', needle] = splitOnce(anchor, ' #');
  const file = diff.files.find((one) => one.path === path);
  if (!file) throw new Error(`step ${diff.step.number} has no file ${path}${listHint(diff)}`);
  if (needle === undefined) return { file, hunks: file.hunks };
  const hunks = file.hunks.filter((hunk) => holds(hunk, needle));
  if (hunks.length === 1) return { file, hunks };
  const found = hunks.length === 0 ? 'in no hunk' : `in ${hunks.length} hunks`;
  throw new Error(`\`${needle}\` is found ${found} of ${path}, and must be in one${listHint(diff)}`);
}

/** The beginning of a line that names a hunk, of one that is no comment if it can be; nothing where only the file as a whole can be named. */
export function needleFor(file: FileDiff, hunk: Hunk): string | undefined {
  if (file.hunks.length === 1) return undefined;
  const isComment = (text: string) => /^(\/\/|\/?\*|#)/.test(text);
  const lines = hunk.lines.filter(({ sign }) => sign !== ' ').map(({ text }) => text.trim());
  lines.sort((a, b) => Number(isComment(a)) - Number(isComment(b)));
  const beginnings = lines.flatMap((line) => [line.split('(')[0] as string, line]).filter((text) => text.length > 3);
  return beginnings.find((text) => file.hunks.filter((one) => holds(one, text)).length === 1);
}

function holds({ lines }: Hunk, needle: string): boolean {
  return lines.some(({ sign, text }) => sign !== ' ' && text.includes(needle));
}

function splitOnce(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + by.length).trim()];
}

function listHint({ step }: StepDiff): string {
  return `; \`pnpm diff ${step.number} --hunks\` lists them`;
}
