import { lineAt, type Problem, withoutCode } from './markers.ts';

/** A number with a unit that only a measurement gives. `95 % interval` is a method and not a result. */
const MEASURED = /\d[\d,.]*\s?(?:×|%(?! interval)|(?:ms|µs|us)\b)/g;

const MARKED = /<!-- figure .*? -->[\s\S]*?<!-- \/figure -->/g;
const SECTION = /^(#+) what we measured[^\n]*\n/im;

/**
 * Numbers that look measured and come from no result: followed by ×, %, ms or µs, outside of a marker and of code, in the
 * section "What we measured" of a stage's README, or in a table of the README at the root.
 * @param path - From the root, with slashes. Other documents may say what they like.
 */
export function untaggedNumbers(path: string, text: string): Problem[] {
  const prose = withoutCode(text).replace(MARKED, (marked) => marked.replace(/[^\n]/g, ' '));
  const watched =
    path === 'README.md' ? tables(prose) : /^stages\/[^/]+\/README\.md$/.test(path) ? measuredSection(prose) : '';
  return [...watched.matchAll(MEASURED)].map((match) => ({
    line: lineAt(prose, match.index),
    message: `"${match[0]}" looks measured and comes from no result: put a figure marker around it`,
  }));
}

/** The text with all but its tables blanked. */
function tables(prose: string): string {
  return prose.replace(/^(?!\s*\|).*$/gm, (line) => ' '.repeat(line.length));
}

/** The text with all but that section blanked. It ends at the next heading of its own or a higher level. */
function measuredSection(prose: string): string {
  const heading = SECTION.exec(prose);
  if (!heading) return '';
  const start = heading.index + heading[0].length;
  const next = new RegExp(`^#{1,${heading[1]?.length ?? 1}} `, 'm').exec(prose.slice(start));
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  return blank(prose.slice(0, start)) + prose.slice(start, next ? start + next.index : undefined);
}
