import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ROOT } from '../src/root.ts';
import { needleFor } from '../src/step-diff/anchors.ts';
import { diffCommand } from '../src/step-diff/diff-command.ts';
import { anchorProblems } from '../src/step-diff/page-anchors.ts';
import { allSteps, type Step } from '../src/step-diff/step.ts';
import { stepDiff } from '../src/step-diff/step-diff.ts';
import { PARTS } from '../src/step-diff/step-files.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files in it. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'day90-steps-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const STAGES = {
  'stages/a/package.json': JSON.stringify({ name: 'stage-1', exports: {}, dependencies: { zod: 'catalog:' } }),
  'stages/a/src/app.ts': "import { db } from 'db';\n\nbuild(db);\n",
  'stages/b/package.json': JSON.stringify({
    name: 'stage-2',
    exports: { '.': './src/index.ts' },
    dependencies: { redis: 'catalog:', 'stage-1': 'workspace:*', zod: 'catalog:' },
  }),
  'stages/b/src/app.ts':
    "import { db } from 'db';\nimport { cached, connect } from 'stage-2';\n\nconnect();\nbuild(cached(db));\n",
  'stages/b/src/index.ts': "export { cached } from './cached.ts';\nexport { connect } from './link.ts';\n",
  'stages/b/src/cached.ts':
    "import { entry } from './entry.ts';\n\nexport function cached() {\n  return entry();\n}\n\nexport function drop() {}\n",
  'stages/b/src/entry.ts': 'export function entry() {}\n',
  'stages/b/src/link.ts': 'export function connect() {}\n',
  'stages/b/redis.conf': 'maxmemory 1\n',
  'stages/b/test/cached.test.ts': 'it();\n',
  'stages/b/claims/index.ts': 'export {};\n',
  'stages/b/README.md': '# b\n',
};
const diffOf = (workspace: string, number = 2) => {
  const steps = allSteps(workspace);
  return stepDiff(steps.find((step) => step.number === number) as Step, steps);
};

describe('a step', () => {
  it('is read from the root over what the root comes to need, in the order of its lines, to the tests', () => {
    const { files, dependencies } = diffOf(folderOf(STAGES));
    expect(files.map(({ path }) => path)).toEqual([
      ...['src/app.ts', 'src/link.ts', 'src/cached.ts', 'src/entry.ts'],
      ...['redis.conf', 'test/cached.test.ts'],
    ]);
    expect(dependencies).toEqual(['redis']);
  });

  it.each(allSteps(ROOT))('of the repository has its parts in order: $to', (step) => {
    const { files } = stepDiff(step, allSteps(ROOT));
    const parts = files.map(({ part }) => PARTS.indexOf(part));
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(files[0]?.path).toBe('src/app.ts');
  });

  it('names each of its hunks by a text that is found in no other', () => {
    const cached = diffOf(folderOf(STAGES)).files.find(({ path }) => path === 'src/cached.ts');
    expect(cached?.hunks.map((hunk) => needleFor(cached, hunk))).toEqual([
      'export function cached',
      'export function drop',
    ]);
  });
});

describe('a text beside a step', () => {
  const problems = (english: string, korean?: string) => {
    const pages = { 'docs/steps/2.md': english, ...(korean !== undefined && { 'docs/ko/steps/2.md': korean }) };
    const workspace = folderOf({ ...STAGES, ...pages });
    return anchorProblems(workspace, diffOf(workspace));
  };
  const page = (...anchors: string[]) => anchors.map((anchor) => `::: hunk ${anchor}\nText.\n:::\n`).join('\n');

  it('may name a file, or a place in it', () => {
    expect(problems(page('src/app.ts', 'src/cached.ts #function drop'))).toEqual([]);
  });

  it.each([
    ['a file that is gone', page('src/gone.ts'), 'docs/steps/2.md:1: step 2 has no file src/gone.ts'],
    [
      'a line that is gone',
      page('src/app.ts', 'src/cached.ts #flush'),
      'docs/steps/2.md:5: `flush` is found in no hunk',
    ],
    ['two places', page('src/cached.ts #export'), 'docs/steps/2.md:1: `export` is found in 2 hunks'],
    [
      'a place twice',
      page('src/link.ts', 'src/link.ts'),
      'docs/steps/2.md:5: what src/link.ts names is explained in line 1',
    ],
    ['what it says nothing of', '::: hunk src/app.ts\n\n:::\n', 'docs/steps/2.md:1: no text stands beside src/app.ts'],
  ])('may not name %s', (_what, text, problem) => {
    expect(problems(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('may not be missing in the other language', () => {
    const [problem, ...more] = problems(page('src/app.ts', 'src/link.ts'), page('src/app.ts'));
    expect(problem).toContain('docs/ko/steps/2.md:end: docs/steps/2.md explains src/link.ts here');
    expect(more).toEqual([]);
  });
});

describe('pnpm diff', () => {
  it.each([
    ['1 3', '1 and 3 are no neighbours: a step leads to stage-3 from stage-2, `pnpm diff 3`'],
    ['9', 'no stage 9; stages: 1 … 7'],
    ['2 --file src/nothing.ts', 'step 2 has no file src/nothing.ts; `pnpm diff 2 --stat` lists them'],
  ])('refuses %s', async (args, message) => {
    await expect(diffCommand(ROOT).parseAsync(args.split(' '), { from: 'user' })).rejects.toThrow(message);
  });
});
