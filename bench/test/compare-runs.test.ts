import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from '@jest/globals';
import { laySideBySide } from '../src/compare/compare-runs.ts';
import { readResults } from '../src/compare/result-files.ts';
import { compareRuns } from '../src/compare/run-difference.ts';
import { RESULT_SCHEMA, type Result, sealResult } from '../src/result.ts';
import { compareBlocks } from '../src/statistics.ts';
import { noise } from './noise.ts';
import { sampleResult } from './sample-result.ts';

/** A run of 24 blocks with 5 % noise in each and a drift of its own, as two runs of one machine have. */
function run(ratio: number, seed: number): Result {
  const { normal } = noise(seed);
  const drift = Math.exp(0.03 * normal());
  const around = (value: number) => value * Math.exp(0.05 * normal());
  const blocks = Array.from({ length: 24 }, () => ({ before: around(ratio * drift), after: around(1) }));
  const { before, after, estimate, lo, hi, floor, verdict } = compareBlocks(blocks);
  return sampleResult({ before, after, estimate, lo, hi, floor, verdict, blocks: sampleResult().blocks.slice(0, 24) });
}

describe('two runs of one claim', () => {
  it('differ in at most one of twenty pairs, where nothing has changed', () => {
    const pairs = Array.from({ length: 20 }, (_, i) => compareRuns(run(3, 2 * i + 1), run(3, 2 * i + 2)));
    expect(pairs.filter(({ verdict }) => verdict !== 'no-difference').length).toBeLessThanOrEqual(1);
  });

  it('differ where the ratio has changed by a third, in the direction it has', () => {
    expect(compareRuns(run(3, 1), run(4, 2)).verdict).toBe('higher');
    expect(compareRuns(run(4, 1), run(3, 2)).verdict).toBe('lower');
  });

  it('differ by any count that is another, since those are exact', () => {
    const count = (estimate: number) => sampleResult({ estimate, lo: estimate, hi: estimate, floor: 1 });
    expect(compareRuns(count(101), count(101)).verdict).toBe('no-difference');
    expect(compareRuns(count(101), count(100)).verdict).toBe('lower');
  });

  it('say nothing where one of them is void', () => {
    expect(compareRuns(run(3, 1), sampleResult({ verdict: 'void', why: 'k6 dropped 3' })).verdict).toBe('void');
  });
});

describe('results side by side', () => {
  const env = sampleResult().env;
  const set = (name: string, ...results: Result[]) => ({ name, results });

  it.each([
    [{ ...env, machineKind: 'darwin-arm64-8cpu' }, 'machine linux-x64-2cpu and darwin-arm64-8cpu'],
    [{ ...env, cpu: 'Another CPU' }, 'processor Sample CPU and Another CPU'],
    [{ ...env, scale: 'small' as const }, 'scale medium and small'],
    [{ ...env, budgets: 'cgroup2' as const }, 'budgets none and cgroup2'],
  ])('are refused where they are unlike, and marked where that is forced: %#', (other, difference) => {
    const [a, b] = [set('a', sampleResult()), set('b', sampleResult({ env: other }))];
    expect(() => laySideBySide(a, b, false)).toThrow(`stage-0.sample was not measured alike: ${difference}; --force`);
    expect(laySideBySide(a, b, true).claims[0]?.unlike).toEqual([difference]);
  });

  it('name what only one of them has, and are refused with nothing in common', () => {
    const other = sampleResult({ claim: 'other' });
    expect(laySideBySide(set('a', sampleResult(), other), set('b', sampleResult()), false).alone).toEqual([
      { name: 'stage-0.other', in: 'a' },
    ]);
    expect(() => laySideBySide(set('a', other), set('b', sampleResult()), false)).toThrow(
      'a and b have no claim in common: a has stage-0.other; b has stage-0.sample',
    );
  });
});

describe('result files', () => {
  const folder = mkdtempSync(`${tmpdir()}/day90 compare-`);
  afterAll(() => rmSync(folder, { recursive: true }));
  const text = JSON.stringify(sealResult({ ...sampleResult() }));
  const file = (name: string, content: string) => {
    writeFileSync(`${folder}/${name}`, content);
    return `${folder}/${name}`;
  };

  it.each([
    ['cut in half', text.slice(0, text.length / 2), 'no valid JSON (cut off?)'],
    [
      'of a newer schema',
      text.replace('"schema":1', '"schema":2'),
      `has schema 2, this version reads ${RESULT_SCHEMA}`,
    ],
    ['changed by hand', text.replace('"offered":9000', '"offered":9001'), 'was changed by hand'],
  ])('%s are refused in one line that names the file', (name, content, why) => {
    const path = file(`stage-0.${name.replaceAll(' ', '-')}.json`, content);
    expect(() => readResults(path)).toThrow(why);
    expect(() => readResults(path)).toThrow(path);
  });

  it('are read from a folder, and nothing else in it is', () => {
    mkdirSync(`${folder}/all`);
    file('all/stage-0.sample.json', JSON.stringify(sampleResult()));
    file('all/outcomes.json', '{}');
    expect(readResults(`${folder}/all`).results).toEqual([sampleResult()]);
    expect(() => readResults(`${folder}/none`)).toThrow('give two result files, two folders of them, or two stages');
  });
});
