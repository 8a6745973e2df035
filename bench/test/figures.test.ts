import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkDocument, checkDocuments } from '../src/figures/check-documents.ts';
import { ladderPicture } from '../src/figures/ladder-picture.ts';
import { referenceResults } from '../src/figures/reference-results.ts';
import { untaggedNumbers } from '../src/figures/untagged.ts';
import { sampleResult } from './sample-result.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const sample = sampleResult({ estimate: 2.91, lo: 2.71, hi: 3.09 });
const results = (name: string) => {
  if (name !== 'stage-0.sample') throw new Error(`no bench/results/x/${name}.json`);
  return sample;
};
const marker = (asked: string, text = '') => `<!-- figure ${asked} -->${text}<!-- /figure -->`;
const filled = (asked: string) => {
  const { filled, problems } = checkDocument('a.md', marker(`stage-0.sample ${asked}`), results);
  expect(problems).toEqual([]);
  return filled.replace(/<!--.*?-->/g, '');
};

describe('figures in a document', () => {
  it.each([
    ['estimate', '2.9× [2.7–3.1]'],
    ['ratio', '2.9×'],
    ['interval', '[2.7–3.1]'],
    ['before', '1.16 ms'],
    ['after', '400 µs'],
    ['floor', '1.03×'],
    ['verdict', 'faster'],
    ['headline', 'faster 2.9× [2.7–3.1]'],
    ['goal', '≥ 2.5× met'],
    ['cpu', '400 µs'],
    ['rss', '120 MB'],
    ['takenAt', '2026-01-02'],
    ['scale', 'medium'],
    ['machine', 'linux-x64-2cpu, 2 cores of Sample CPU, 8 GB, Linux 6.1.0, Node 24.11.0'],
    ['also:"response time, p50 per block" estimate', '1.44× [1.41–1.47]'],
    ['count:"queries a request" both', '101 → 1'],
    ['count:"queries a request" goal', '= 1 met'],
    ['arm:before cpu', '1.2 ms'],
    ['arm:before rate', '150/s'],
  ])('%s is %s', (asked, text) => {
    expect(filled(asked)).toBe(text);
  });

  it('are a whole table on request', () => {
    const table = filled('table');
    expect(table).toContain(
      '| database time, p50 per block | 1.16 ms | 400 µs | faster 2.9× [2.7–3.1] | ≥ 2.5× met |\n',
    );
    expect(table).toContain('| queries a request | 101 | 1 | exact | = 1 met |');
    expect(table).toMatch(/^\n\n\|.*\|\n\n$/s);
  });

  it.each([
    ['headline', '빠름 2.9× [2.7–3.1]'],
    ['goal', '≥ 2.5× 달성'],
    ['machine', 'linux-x64-2cpu, Sample CPU 코어 2개, 8 GB, Linux 6.1.0, Node 24.11.0'],
    ['count:"queries a request" both', '101 → 1'],
  ])('are said in Korean where the document is: %s', (asked, text) => {
    for (const path of ['docs/ko/a.md', 'README.ko.md'])
      expect(checkDocument(path, marker(`stage-0.sample ${asked}`), results).filled).toBe(
        marker(`stage-0.sample ${asked}`, text),
      );
  });

  it('have Korean names in every table of the Korean pages', () => {
    const tables = globSync(`${ROOT}/docs/ko/**/*.md`).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/<!-- figure \S+ table -->(.*?)<!-- \/figure -->/gs)].map(
        ([, table]) => table,
      ),
    );
    const names = tables.flatMap((table = '') => [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, name]) => name));
    expect(names.filter((name = '') => name !== '---' && !/[가-힣]/.test(name))).toEqual([]);
  });

  it('are filled in without touching anything else, and only once', () => {
    const text = `# A\n\n${marker('stage-0.sample ratio', '1×')} and ${marker('stage-0.sample before')}.\n`;
    const first = checkDocument('a.md', text, results);
    expect(first.stale).toHaveLength(2);
    expect(first.filled).toBe(
      `# A\n\n${marker('stage-0.sample ratio', '2.9×')} and ${marker('stage-0.sample before', '1.16 ms')}.\n`,
    );
    expect(checkDocument('a.md', first.filled, results)).toMatchObject({
      stale: [],
      problems: [],
      filled: first.filled,
    });
  });

  it('are told apart from what the result says, with the line and both texts', () => {
    const { stale } = checkDocument('a.md', `\n\n${marker('stage-0.sample ratio', '3.4×')}`, results);
    expect(stale).toEqual([{ line: 3, message: 'stage-0.sample ratio says "3.4×", the result says "2.9×"' }]);
  });

  it('are told apart line by line where they are a table', () => {
    const [, head] = filled('table').split('\n\n');
    const { stale } = checkDocument(
      'a.md',
      marker('stage-0.sample table', `\n\n${head?.replace('400 µs', '399 µs')}\n\n`),
      results,
    );
    expect(stale[0]?.message).toMatch(/says "\| database time.*399 µs.*", the result says "\| database time.*400 µs/);
  });

  it.each([
    ['of a result that is not there', marker('stage-0.other ratio'), /no bench\/results\/x\/stage-0\.other\.json/],
    ['of an unknown field', marker('stage-0.sample speed'), /no field "speed", but: estimate, ratio/],
    ["of an object's own property", marker('stage-0.sample constructor'), /no field "constructor"/],
    ['of an unknown metric', marker('stage-0.sample also:x ratio'), /no "x", but: "response time, p50 per block"/],
    ['in another form', marker('feed'), /"feed" is not of the form/],
    ['without an end', '<!-- figure stage-0.sample ratio -->2.9×', /has no <!-- \/figure --> after it/],
    [
      'in one another',
      `<!-- figure stage-0.sample ratio -->${marker('stage-0.sample before')}`,
      /has no <!-- \/figure -->/,
    ],
  ])('are an error %s', (_name, text, message) => {
    const { problems, filled } = checkDocument('a.md', text, results);
    expect(problems[0]).toMatchObject({ line: 1, message: expect.stringMatching(message) });
    expect(problems.length === 1 && filled === text).toBe(!text.startsWith('<!-- figure stage-0.sample ratio --><'));
  });

  it('are an error of a void result', () => {
    const { problems } = checkDocument('a.md', marker('a.b ratio'), () => sampleResult({ verdict: 'void', why: 'x' }));
    expect(problems[0]?.message).toContain('the result is void (x)');
  });

  it('are left alone in code', () => {
    const text = `\`${marker('feed')}\`\n\n\`\`\`md\n${marker('stage-1.feed ratio', '2×')}\n\`\`\`\n`;
    expect(checkDocument('a.md', text, results)).toMatchObject({ stale: [], problems: [], filled: text });
  });
});

describe('untaggedNumbers', () => {
  const stage = (text: string) => untaggedNumbers('stages/day1-sqlite/README.md', text).map(({ line }) => line);

  it('finds measured-looking numbers in all of a document for readers', () => {
    const text = '# A\n5 ms\n## What we measured\nIt is 2.9× as fast: 400 µs.\n### More\n12 %\n';
    expect(stage(text)).toEqual([2, 4, 4, 6]);
    for (const path of ['README.md', 'docs/a.md', 'docs/runbooks/b.md', 'stages/day1-sqlite/README.ko.md'])
      expect(untaggedNumbers(path, text)).toHaveLength(4);
    expect(untaggedNumbers('README.md', '5 ms')).toEqual([{ line: 1, message: expect.stringContaining('"5 ms"') }]);
  });

  it('minds neither markers, code, plain numbers, nor the level of an interval', () => {
    const tagged = marker('stage-1.feed ratio', '2.9×');
    expect(stage(`${tagged} in 30 blocks, \`2 ms\`, the 95 % interval, 95 % 신뢰 구간, 100 posts, 2 msgs\n`)).toEqual(
      [],
    );
  });

  it('takes a number for chosen that says so', () => {
    expect(stage('after <!-- given -->250 ms<!-- /given -->, or 300 ms\nand 1 %')).toEqual([1, 2]);
  });

  it('leaves other documents alone', () => {
    for (const path of ['bench/README.md', 'ARCHITECTURE.md', 'stages/day1-sqlite/src/notes.md'])
      expect(untaggedNumbers(path, '5 ms')).toEqual([]);
  });
});

describe('referenceResults', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(`${tmpdir()}/day90-figures-`);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const save = (kind: string, text = JSON.stringify(sample)) => {
    mkdirSync(`${root}/bench/results/${kind}`, { recursive: true });
    writeFileSync(`${root}/bench/results/${kind}/stage-0.sample.json`, text);
  };

  it('takes the only machine there is, or the one that is named', () => {
    save('linux-x64-2cpu');
    expect(referenceResults(root)('stage-0.sample').claim).toBe('sample');
    save('darwin-arm64-8cpu', JSON.stringify(sampleResult({ title: 'there' })));
    expect(() => referenceResults(root)('stage-0.sample')).toThrow(/darwin-arm64-8cpu.*bench\/results\/reference\.txt/);
    writeFileSync(`${root}/bench/results/reference.txt`, 'darwin-arm64-8cpu\n');
    expect(referenceResults(root)('stage-0.sample').title).toBe('there');
  });

  it('says which command makes a missing result', () => {
    expect(() => referenceResults(root)('stage-0.sample')).toThrow(/no results in bench\/results: run pnpm bench/);
    save('linux-x64-2cpu');
    expect(() => referenceResults(root)('stage-1.feed')).toThrow(/run pnpm bench stage-1 --claim feed --save/);
  });

  it('refuses a result changed by hand', () => {
    save('linux-x64-2cpu', JSON.stringify({ ...sample, estimate: 99 }));
    expect(() => referenceResults(root)('stage-0.sample')).toThrow(/stage-0\.sample\.json was changed by hand/);
  });

  it('serves all Markdown files below the root but those of others', () => {
    save('linux-x64-2cpu');
    for (const folder of ['stages/a', 'node_modules/b', '.run/c']) {
      mkdirSync(`${root}/${folder}`, { recursive: true });
      writeFileSync(`${root}/${folder}/README.md`, marker('stage-0.sample ratio', '1×'));
    }
    expect(checkDocuments(root)).toMatchObject([{ path: 'stages/a/README.md', stale: [{ line: 1 }] }]);
  });
});

describe('the picture of all steps', () => {
  it('has each step with its figure, to be seen and to be read out', () => {
    const picture = ladderPicture(() => sample, { language: 'en', width: 800 });
    expect(picture).toMatch(/<desc>day 1: the feed, database time 2\.9× \[2\.7–3\.1\]; day 15: /);
    for (const part of ['class="day"', '<rect class="bar"', '>2.9×</tspan>'])
      expect(picture.split(part)).toHaveLength(1 + 7);
  });

  it('is the same for the same results, and has all of it inside of its width', () => {
    const narrow = { language: 'ko', width: 390 } as const;
    const picture = ladderPicture(() => sample, narrow);
    expect(ladderPicture(() => sample, narrow)).toBe(picture);
    for (const [, x] of picture.matchAll(/ x="([^"]+)"/g)) expect(Number(x)).toBeLessThan(390 - 100);
  });

  it('is not drawn without one of its results', () => {
    expect(() => ladderPicture(results, { language: 'en', width: 800 })).toThrow(
      'no bench/results/x/stage-1.feed.json',
    );
  });
});
