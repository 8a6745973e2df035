import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const STAGES = fileURLToPath(new URL('../../../stages', import.meta.url));
const ROOTS = ['app', 'topology', 'worker', 'relay', 'board'];
/** What somebody can take in at once who lays two neighbours side by side. */
const MOST_CHANGED = 12;
const LONGEST = 45;

/** The folders of the stages, in their order. */
const folders = globSync('*/package.json', { cwd: STAGES })
  .map((file) => {
    const { name } = JSON.parse(readFileSync(`${STAGES}/${file}`, 'utf8')) as { name: string };
    return { folder: file.split('/')[0] as string, number: Number(name.split('-')[1]) };
  })
  .sort((a, b) => a.number - b.number);
const neighbours = folders.slice(1).map((after, i) => ({ before: folders[i] as (typeof folders)[number], after }));
const pairs = ['app', 'topology'].flatMap((root) => neighbours.map((pair) => ({ root, ...pair })));

/**
 * The lines of a root that say something. An import is one line however long, a comment is none, and what every stage has
 * of its own anyway (its name, and the thousands of its ports) is the same in all.
 */
function linesOf({ folder, number }: (typeof folders)[number], root: string): string[] {
  return readFileSync(`${STAGES}/${folder}/src/${root}.ts`, 'utf8')
    .replace(/^import \{[^}]*\}/gm, (names) => names.replace(/\s+/g, ' ').replace(', }', ' }'))
    .replace(`stage: 'stage-${number}'`, "stage: 'stage-N'")
    .replace(/\b(1|300)(\d)(\d{3})?\b/g, (port, head: string, own: string, rest = '') =>
      Number(own) === number && (head === '300') !== (rest !== '') ? `${head}N${rest}` : port,
    )
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\/|\/\*\*)/.test(line));
}

/** Lines of `a` that `b` does not have. */
function missingIn(b: readonly string[], a: readonly string[]): string[] {
  const left = [...b];
  return a.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('the roots of two neighbours, side by side', () => {
  it.each(pairs)('$root of $before.folder and $after.folder differ in 12 lines at most', ({ root, before, after }) => {
    const [old, fresh] = [linesOf(before, root), linesOf(after, root)];
    // A line that has become another one is in both lists, and was changed once.
    const [added, gone] = [missingIn(old, fresh), missingIn(fresh, old)];
    expect({ added, gone }).toEqual({
      added: added.slice(0, MOST_CHANGED),
      gone: gone.slice(0, MOST_CHANGED),
    });
  });
});

describe('a root', () => {
  it.each(globSync(`*/src/{${ROOTS.join(',')}}.ts`, { cwd: STAGES }))('%s fits on a page', (file) => {
    expect(readFileSync(`${STAGES}/${file}`, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(LONGEST);
  });
});
