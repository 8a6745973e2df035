import { type coloursFor, table } from '@day90/infra';
import { needleFor } from './anchors.ts';
import type { Hunk, HunkLine } from './hunks.ts';
import { inWords } from './import-changes.ts';
import type { FileDiff, StepDiff } from './step-diff.ts';

type Colours = ReturnType<typeof coloursFor>;

/** A step as lines for a terminal. */
export function printStep(diff: StepDiff, colours: Colours): string {
  return [headOf(diff), ...diff.files.map((file) => printFile(file, colours))].join('\n\n');
}

/** Its files alone, each with how many lines came and went. */
export function printStat(diff: StepDiff, colours: Colours): string {
  const rows = diff.files.map(({ path, part, added, removed }) => [
    path,
    part,
    colours.green(`+${added}`),
    removed === 0 ? '' : colours.red(`−${removed}`),
  ]);
  return `${headOf(diff)}\n\n${table(rows)}`;
}

/** Its hunks, each as what a text on the step's page names it by. */
export function printAnchors({ files }: StepDiff): string {
  return files
    .flatMap((file) => [file.path, ...file.hunks.map((hunk) => needleFor(file, hunk)).flatMap(named(file))])
    .join('\n');
}

function named({ path }: FileDiff) {
  return (needle: string | undefined) => (needle === undefined ? [] : [`${path} #${needle}`]);
}

function headOf({ step, files, dependencies }: StepDiff): string {
  const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + file[key], 0);
  const needs = dependencies.length > 0 ? `\nNew dependencies: ${dependencies.join(', ')}` : '';
  return `${step.from} → ${step.to}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, +${sum('added')} −${sum('removed')} lines${needs}`;
}

function printFile(file: FileDiff, colours: Colours): string {
  const count = file.isChanged ? `+${file.added} −${file.removed}` : `new, ${file.added} lines`;
  const { added, removed } = file.imports;
  const imports = [
    ...added.map((names) => colours.green(`+ imports ${inWords(names)}`)),
    ...removed.map((names) => colours.red(`- imports ${inWords(names)}`)),
  ];
  const hunks = file.hunks.map((hunk) => printHunk(hunk, colours));
  return [`${colours.bold(file.path)}  ${colours.dim(count)}`, ...imports, ...hunks].join('\n');
}

function printHunk({ lines }: Hunk, colours: Colours): string {
  const first = lines.find(({ sign }) => sign !== '-') ?? lines[0];
  return [colours.cyan(`@@ line ${first?.number}`), ...lines.map((line) => printLine(line, colours))].join('\n');
}

function printLine({ sign, text }: HunkLine, colours: Colours): string {
  const line = `${sign} ${text}`.trimEnd();
  if (sign === ' ') return line;
  return sign === '+' ? colours.green(line) : colours.red(line);
}
