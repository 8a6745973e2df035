import { lineAt, type Problem, withoutCode } from './markers.ts';

/** A number with a unit that only a measurement gives. `95 % interval`, 구간 in Korean, is a method and not a result. */
const MEASURED = /\d[\d,.]*\s?(?:×|%(?! (?:interval|구간|신뢰 구간))|(?:ms|µs|us)\b)/g;

/** What a result fills, and what was chosen and not measured: a setting, a modelled distance, a figure of somebody else. */
const MARKED = /<!-- figure .*? -->[\s\S]*?<!-- \/figure -->|<!-- given -->[\s\S]*?<!-- \/given -->/g;

/** The READMEs at the root, those of the stages, and all of docs/. Others say how things work, in numbers that are chosen. */
const WATCHED = /^(?:README(?:\.ko)?\.md|stages\/[^/]+\/README[^/]*\.md|docs\/.+\.md)$/;

/**
 * Numbers that look measured and come from no result: followed by ×, %, ms or µs, outside of a marker and of code, in a
 * document that tells readers what was found.
 * @param path - From the root, with slashes. Other documents may say what they like.
 */
export function untaggedNumbers(path: string, text: string): Problem[] {
  if (!WATCHED.test(path)) return [];
  const prose = withoutCode(text).replace(MARKED, (marked) => marked.replace(/[^\n]/g, ' '));
  return [...prose.matchAll(MEASURED)].map((match) => ({
    line: lineAt(prose, match.index),
    message: `"${match[0]}" looks measured and comes from no result: put a figure marker around it, or <!-- given --> … <!-- /given --> where it was chosen`,
  }));
}
