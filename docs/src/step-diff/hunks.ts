import { diffArrays } from 'diff';
import { asInAnyStage } from './same-line.ts';
import type { Line } from './source-text.ts';

/** A line of a hunk; its number is that of the file it stands in now, or of the file before for one that is gone. */
export interface HunkLine extends Line {
  sign: '+' | '-' | ' ';
}

/** A place of a file that one text can explain. */
export interface Hunk {
  lines: HunkLine[];
}

/** Lines shown around what differs. */
const CONTEXT = 3;

/** The places where two files differ, with some lines around each. */
export function changedHunks(
  before: { lines: Line[]; stage: number },
  after: { lines: Line[]; stage: number },
): Hunk[] {
  const sameFor = ({ lines, stage }: { lines: Line[]; stage: number }) =>
    lines.map(({ text }) => asInAnyStage(text, stage));
  const all: HunkLine[] = [];
  let [old, fresh] = [0, 0];
  for (const { added, removed, count } of diffArrays(sameFor(before), sameFor(after))) {
    const [source, from, sign] = removed
      ? ([before.lines, old, '-'] as const)
      : ([after.lines, fresh, added ? '+' : ' '] as const);
    all.push(...source.slice(from, from + count).map((line) => ({ ...line, sign })));
    if (!added) old += count;
    if (!removed) fresh += count;
  }
  return aroundChanges(all).filter(({ lines }) => lines.some(({ sign, text }) => sign !== ' ' && text.trim() !== ''));
}

function aroundChanges(lines: HunkLine[]): Hunk[] {
  const hunks: Hunk[] = [];
  let shownUpTo = 0;
  lines.forEach(({ sign }, i) => {
    if (sign === ' ') return;
    const begin = Math.max(0, i - CONTEXT);
    const isFar = hunks.length === 0 || begin > shownUpTo;
    if (isFar) hunks.push({ lines: [] });
    const from = isFar ? begin : shownUpTo;
    const to = Math.max(shownUpTo, Math.min(lines.length, i + CONTEXT + 1));
    hunks.at(-1)?.lines.push(...lines.slice(from, to));
    shownUpTo = to;
  });
  return hunks;
}

/** A block of more lines than these is shown in its parts. */
const LONGEST_BLOCK = 40;

/**
 * A new file in its top-level blocks, a long one of them in its members. Code ends a block with a blank line before something in the
 * first column; in a configuration, whose blocks lie within each other, every blank line does.
 */
export function newHunks(lines: Line[], isScript: boolean): Hunk[] {
  const fresh = lines.map((line): HunkLine => ({ ...line, sign: '+' }));
  const blocks = splitAtBlanks(fresh, (next) => !isScript || !next.startsWith(' '));
  const parts = blocks.flatMap((block) =>
    block.length > LONGEST_BLOCK ? splitAtBlanks(block, (next) => !next.startsWith('   ')) : [block],
  );
  return parts.map((part) => ({ lines: part }));
}

/** Where a blank line is followed by one that begins a part. The blank line belongs to none. */
function splitAtBlanks(lines: HunkLine[], isBeginning: (text: string) => boolean): HunkLine[][] {
  const parts: HunkLine[][] = [];
  lines.forEach((line, i) => {
    const isNext = lines[i - 1]?.text.trim() === '' && line.text.trim() !== '' && isBeginning(line.text);
    if (parts.length === 0 || isNext) parts.push([]);
    parts.at(-1)?.push(line);
  });
  return parts.map((part) => part.slice(0, part.findLastIndex(({ text }) => text.trim() !== '') + 1));
}
