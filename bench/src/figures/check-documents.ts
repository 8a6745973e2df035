import { globSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { figureText } from './figure-text.ts';
import { inKorean, isKorean } from './in-korean.ts';
import { findMarkers, lineAt, type Marker, type Problem, withTexts } from './markers.ts';
import { type Results, referenceResults } from './reference-results.ts';
import { untaggedNumbers } from './untagged.ts';

/** One document, compared with the results. */
export interface DocumentCheck {
  /** From the root, with slashes. */
  path: string;
  /** The document with all figures as the results have them. */
  filled: string;
  /** Figures that differ from their result. */
  stale: Problem[];
  /** What filling in can't mend: unknown results and fields, broken markers, numbers without one. */
  problems: Problem[];
}

/** Compares every Markdown file below `root` with the reference machine's results. Writes nothing. */
export function checkDocuments(root: string): DocumentCheck[] {
  const results = referenceResults(root);
  return globSync('**/*.md', { cwd: root, exclude: (name) => name === 'node_modules' || name.endsWith('.run') })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !/(^|\/)(node_modules|\.run|\.git)\//.test(path))
    .sort()
    .map((path) => checkDocument(path, readFileSync(`${root}/${path}`, 'utf8'), results));
}

/** Compares one document's text with the results. */
export function checkDocument(path: string, text: string, results: Results): DocumentCheck {
  const { markers, problems } = findMarkers(text);
  const stale: Problem[] = [];
  const fills: { marker: Marker; text: string }[] = [];
  for (const marker of markers) {
    const line = lineAt(text, marker.start);
    try {
      const english = figureText(results(marker.result), marker);
      const right = isKorean(path) ? inKorean(english) : english;
      const written = text.slice(marker.start, marker.end);
      fills.push({ marker, text: right });
      if (written !== right) stale.push({ line, message: `${marker.asked} ${difference(written, right)}` });
    } catch (error) {
      problems.push({ line, message: `${marker.asked}: ${(error as Error).message}` });
    }
  }
  return { path, filled: withTexts(text, fills), stale, problems: [...problems, ...untaggedNumbers(path, text)] };
}

/** One line, also where the figure is a table: then the first line that differs. */
function difference(written: string, right: string): string {
  const [was, is] = [written.split('\n').filter(Boolean), right.split('\n').filter(Boolean)];
  const at = Math.max(
    0,
    is.findIndex((line, index) => line !== was[index]),
  );
  return `says "${was[at] ?? ''}", the result says "${is[at] ?? ''}"`;
}
