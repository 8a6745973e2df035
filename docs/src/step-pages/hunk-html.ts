import { escapeHtml } from '../escape-html.ts';
import type { Hunk, HunkLine } from '../step-diff/hunks.ts';
import { inWords } from '../step-diff/import-changes.ts';
import type { FileDiff } from '../step-diff/step-diff.ts';
import type { StepWords } from './step-words.ts';

/** The lines of a file as HTML, those it has now and those it had, each by its number. */
export interface FileHtml {
  after: string[];
  before: string[];
}

/** What is shown of a file. */
interface Shown {
  file: FileDiff;
  hunks: Hunk[];
  html: FileHtml;
  words: StepWords;
}

/** All of a file, without its name, as one who has opened it under its name sees it. */
export function wholeFileHtml(file: FileDiff, html: FileHtml): string {
  return `<div class="hunk-code">${importList(file)}${codeOf(file, file.hunks, html)}</div>`;
}

/** Hunks of one file with its name above them. */
export function hunksHtml({ file, hunks, html, words }: Shown): string {
  const isWhole = hunks.length === file.hunks.length;
  const isFirst = hunks[0] === file.hunks[0];
  const line = hunks[0]?.lines.find(({ sign }) => sign !== '-')?.number ?? 1;
  const size = file.isChanged ? `+${file.added} −${file.removed}` : words.lines(file.added);
  const where = isWhole ? size : words.line(line);
  const note = file.isChanged ? where : `${words.isNew}, ${where}`;
  return [
    '<figure class="hunk-code">',
    `<figcaption><code>${escapeHtml(file.path)}</code> <span>${note}</span></figcaption>`,
    isFirst ? importsHtml(file, words) : '',
    codeOf(file, hunks, html),
    '</figure>',
  ].join('');
}

/** What was imported is folded; how imports changed is the history of the stages, and is not. */
function importsHtml(file: FileDiff, words: StepWords): string {
  const list = importList(file);
  if (list === '' || file.isChanged) return list;
  return `<details class="hunk-folded"><summary>${words.imports(file.imports.added.length)}</summary>${list}</details>`;
}

function importList({ imports, isChanged }: FileDiff): string {
  const item = (tag: string) => (text: string) => `<li><${tag}>${escapeHtml(text)}</${tag}></li>`;
  const added = imports.added.map(inWords).map(item(isChanged ? 'ins' : 'span'));
  const removed = imports.removed.map(inWords).map(item('del'));
  return imports.isEmpty ? '' : `<ul class="hunk-imports" v-pre>${[...added, ...removed].join('')}</ul>`;
}

function codeOf(file: FileDiff, hunks: Hunk[], html: FileHtml): string {
  const inside = file.isChanged ? runs : plain;
  return hunks.map((hunk) => `<pre v-pre><code>${inside(hunk, html)}</code></pre>`).join('');
}

function plain({ lines }: Hunk, { after }: FileHtml): string {
  return lines.map(({ number }) => after[number - 1] ?? '').join('\n');
}

/**
 * Lines that stayed, and lines that changed, by turns. Each run has two sides, what was and what is; a style sheet puts them under or
 * beside each other, and shows what stayed once or on both.
 */
function runs({ lines }: Hunk, html: FileHtml): string {
  const starts = lines.flatMap((line, i) => (i === 0 || isSame(line) !== isSame(lines[i - 1]) ? [i] : []));
  return starts
    .map((start, i) => {
      const run = lines.slice(start, starts[i + 1]);
      const line = (tag: string) => (one: HunkLine) =>
        `<${tag} class="line">${(one.sign === '-' ? html.before : html.after)[one.number - 1] ?? ''}\n</${tag}>`;
      if (isSame(run[0])) {
        const all = run.map(line('span')).join('');
        return `<span class="run"><span class="was" aria-hidden="true">${all}</span><span class="is">${all}</span></span>`;
      }
      const was = run.filter(({ sign }) => sign === '-').map(line('del'));
      const is = run.filter(({ sign }) => sign === '+').map(line('ins'));
      return `<span class="run"><span class="was">${was.join('')}</span><span class="is">${is.join('')}</span></span>`;
    })
    .join('');
}

function isSame(line: HunkLine | undefined): boolean {
  return line?.sign === ' ';
}
