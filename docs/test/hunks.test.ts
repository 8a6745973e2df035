import { describe, expect, it } from '@jest/globals';
import { changedHunks, type Hunk, newHunks } from '../src/step-diff/hunks.ts';
import { importChanges } from '../src/step-diff/import-changes.ts';
import { sourceText } from '../src/step-diff/source-text.ts';

const linesOf = (text: string) => sourceText('src/app.ts', text).lines;
const changes = (before: string, after: string) =>
  changedHunks({ lines: linesOf(before), stage: 2 }, { lines: linesOf(after), stage: 3 });
const shown = ({ lines }: Hunk) => lines.map(({ sign, text }) => sign + text);
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line(${i});`);

describe('what differs between two files', () => {
  it('is shown with three lines around it, and the numbers they have in their files', () => {
    const before = numbered(9);
    const [hunk, ...more] = changes(before.join('\n'), before.with(4, 'other();').join('\n'));
    expect(more).toEqual([]);
    expect(shown(hunk as Hunk)).toEqual([
      ...[' line(1);', ' line(2);', ' line(3);'],
      ...['-line(4);', '+other();'],
      ...[' line(5);', ' line(6);', ' line(7);'],
    ]);
    expect(hunk?.lines.map(({ number }) => number)).toEqual([2, 3, 4, 5, 5, 6, 7, 8]);
  });

  it('is one place when its lines are close, and two when they are far apart', () => {
    const before = numbered(20);
    const text = before.join('\n');
    expect(changes(text, before.with(4, 'a();').with(11, 'b();').join('\n'))).toHaveLength(1);
    expect(changes(text, before.with(4, 'a();').with(12, 'b();').join('\n'))).toHaveLength(2);
  });

  it.each([
    ['the ports of each stage', 'app: app(3002), cache: box(12002),', 'app: app(3003), cache: box(13002),'],
    ['its name', "stage: 'stage-2',", "stage: 'stage-3',"],
    ['the way to a file of an earlier stage', "files: 'redis.conf',", "files: '../day15-cache/redis.conf',"],
    ['how far a line stands to the right', 'a();', '  a();'],
    ['blank lines', 'a();\nb();', 'a();\n\nb();'],
  ])('is not %s', (_what, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });

  it('is a port that is another one', () => {
    expect(changes('cache: box(12002),', 'cache: box(13003),')).toHaveLength(1);
  });
});

describe('a new file', () => {
  it('falls apart into its declarations, each with its comment', () => {
    const text =
      "import { z } from 'zod';\n\n/** One. */\nconst a = 1;\nconst b = 2;\n\nfunction c() {\n  a();\n\n  b();\n}\n";
    expect(newHunks(linesOf(text), true).map(shown)).toEqual([
      ['+/** One. */', '+const a = 1;', '+const b = 2;'],
      ['+function c() {', '+  a();', '+', '+  b();', '+}'],
    ]);
  });

  it('shows a class of many lines by its members', () => {
    const method = (name: string) => [`  ${name}() {`, ...Array.from({ length: 20 }, () => '    work();'), '  }'];
    const text = ['class Long {', ...method('first'), '', ...method('second'), '}'].join('\n');
    expect(newHunks(linesOf(text), true).map((hunk) => hunk.lines[0]?.text)).toEqual(['class Long {', '  second() {']);
  });

  it('ends a block at every blank line where blocks lie within each other', () => {
    const { lines } = sourceText('nginx/nginx.conf', 'http {\n    a on;\n\n    b on;\n}\n');
    expect(newHunks(lines, false)).toHaveLength(2);
  });
});

describe('imports', () => {
  const importsOf = (text: string, path = 'src/app.ts') => sourceText(path, text).imports;

  it('are folded to what came and what went, however they are broken into lines', () => {
    const before = "import {\n  a,\n  type B,\n} from 'stage-1';\nimport { old } from './old.ts';\n";
    const after = "import { a, type B } from 'stage-1';\nimport * as all from 'stage-2';\n";
    expect(importChanges(importsOf(before), importsOf(after))).toEqual({
      added: [{ from: 'stage-2', names: ['all'] }],
      removed: [{ from: 'src/old.ts', names: ['old'] }],
      isEmpty: false,
    });
  });

  it('of a file elsewhere in the stage are the same ones', () => {
    const [here, below] = [
      importsOf("import { c } from './c.ts';"),
      importsOf("import { c } from '../c.ts';", 'src/naive/app.ts'),
    ];
    expect(importChanges(here, below).isEmpty).toBe(true);
  });
});
