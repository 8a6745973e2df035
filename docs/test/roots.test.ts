import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../src/root.ts';
import { inWords } from '../src/step-diff/import-changes.ts';
import { allSteps } from '../src/step-diff/step.ts';
import { stepDiff } from '../src/step-diff/step-diff.ts';

const ROOTS = ['app', 'topology', 'worker', 'relay', 'board'];
/** What somebody can take in at once who lays two neighbours side by side. */
const MOST_CHANGED = 12;
const LONGEST = 45;

const steps = allSteps(ROOT);
const pairs = steps
  .slice(1)
  .flatMap((step) => ['src/app.ts', 'src/topology.ts'].map((root) => ({ step, root, to: step.to, from: step.from })));

describe('the roots of two neighbours, side by side', () => {
  it.each(pairs)('$root of $from and $to differ in 12 lines at most', ({ step, root }) => {
    const file = stepDiff(step, steps).files.find(({ path }) => path === root);
    const lines = file?.hunks.flatMap((hunk) => hunk.lines) ?? [];
    const saying = lines.filter(({ text }) => text.trim() !== '' && !/^\s*(\/\/|\/\*\*)/.test(text));
    const changed = (sign: string) => saying.filter((line) => line.sign === sign).map(({ text }) => text.trim());
    const added = [...(file?.imports.added.map(inWords) ?? []), ...changed('+')];
    const gone = [...(file?.imports.removed.map(inWords) ?? []), ...changed('-')];
    expect({ added, gone }).toEqual({ added: added.slice(0, MOST_CHANGED), gone: gone.slice(0, MOST_CHANGED) });
  });
});

describe('a root', () => {
  it.each(globSync(`stages/*/src/{${ROOTS.join(',')}}.ts`, { cwd: ROOT }))('%s fits on a page', (file) => {
    expect(readFileSync(`${ROOT}/${file}`, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(LONGEST);
  });
});
