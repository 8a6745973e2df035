import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepOutcomes, readKept, stateOfTest } from '../src/claims/kept-outcomes.ts';
import { lastOutcome, resultFolders } from '../src/claims/outcomes.ts';
import type { Proof } from '../src/claims/proofs.ts';
import { staleness } from '../src/claims/stale.ts';
import type { ResultBody } from '../src/result.ts';
import { sampleResult } from './sample-result.ts';

const CLAIM: Proof = { kind: 'claim', name: 'stage-2.toy', stage: 'stage-2', title: 'A toy', command: [] };
const DRILL: Proof = { kind: 'drill', name: 'stage-2.3-toy', stage: 'stage-2', title: 'A toy', command: [] };
const OURS = 'bench/results/linux-x64-2cpu';
const YOURS = '.run/results';

let root: string;
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/day90-claims-`);
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(`${root}/${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true });
  writeFileSync(`${root}/${path}`, text);
};
const keep = (folder: string, changes: Partial<ResultBody> = {}) =>
  write(`${folder}/stage-2.toy.json`, JSON.stringify(sampleResult(changes)));
const last = (proof: Proof = CLAIM) => lastOutcome(proof, resultFolders(root));

describe('the outcome of a claim', () => {
  it('is nothing where it was never measured', () => {
    expect(last()).toBeUndefined();
  });

  it('is missed when a goal is, which is named', () => {
    keep(OURS, { counts: [{ name: 'queries', before: 9, after: 3, goal: { op: '=', value: 1, met: false } }] });
    expect(last()).toMatchObject({
      state: 'missed',
      says: expect.stringMatching(/^faster 2\.90×.*; missed: queries$/),
    });
  });

  it('is that of the newest whole run, and not of a quick or a void one', () => {
    keep(OURS, { takenAt: '2026-01-01T00:00:00.000Z' });
    const later = { takenAt: '2026-01-02T00:00:00.000Z' };
    keep(YOURS, { ...later, quick: true });
    expect(last()).toMatchObject({ committed: true });
    keep(YOURS, { ...later, verdict: 'void', why: 'x' });
    expect(last()).toMatchObject({ committed: true });
    keep(YOURS, later);
    expect(last()).toMatchObject({ committed: false, takenAt: later.takenAt });
  });

  it('says what is wrong with a file that was cut in half, changed by hand, or is of another schema', () => {
    write(`${OURS}/stage-2.toy.json`, JSON.stringify(sampleResult()).slice(0, 500));
    expect(last()).toMatchObject({ state: 'unreadable', says: expect.stringContaining('cut off?') });
    write(`${OURS}/stage-2.toy.json`, JSON.stringify({ ...sampleResult(), estimate: 99 }));
    expect(last()?.says).toContain('stage-2.toy.json was changed by hand');
    write(`${OURS}/stage-2.toy.json`, JSON.stringify({ ...sampleResult(), schema: 99 }));
    expect(last()?.says).toContain('has schema 99');
  });
});

describe('the outcome of a drill or a test', () => {
  const kept = { state: 'holds', says: '3 of 3 criteria hold', takenAt: '2026-01-01T00:00:00.000Z' } as const;
  const outcome = { ...kept, machine: 'linux-x64-2cpu', commit: 'abc', dirty: false };

  it('is kept beside others, in the order of their names', () => {
    keepOutcomes(`${root}/${OURS}`, { [DRILL.name]: outcome });
    keepOutcomes(`${root}/${OURS}`, { 'a test': outcome });
    expect(last(DRILL)).toEqual({ ...outcome, committed: true });
    expect(Object.keys(readKept(`${root}/${OURS}`))).toEqual(['a test', DRILL.name]);
  });

  it('is refused in one line from a file that was cut off', () => {
    write(`${OURS}/proofs.json`, '{"schema": 1, "outc');
    expect(() => last(DRILL)).toThrow(/proofs\.json holds no outcomes of proofs \(cut off\?\)/);
  });

  it.each([
    [['passed', 'passed'], 'holds'],
    [['passed', 'failed'], 'missed'],
    [['pending'], 'skipped'],
    [[], 'missed'],
  ])('of a test that ended as %j is %s', (statuses, state) => {
    const runs = [...statuses.map((status) => ({ title: 'it', status })), { title: 'another', status: 'failed' }];
    expect(stateOfTest(JSON.stringify({ testResults: [{ assertionResults: runs }] }), 'it')).toBe(state);
  });
});

describe('a result', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const commit = () => {
    git('add', '-A');
    git('-c', 'user.name=toy', '-c', 'user.email=toy@day90.test', 'commit', '-qm', 'toy');
    return git('rev-parse', 'HEAD');
  };
  const stages = () =>
    ['one', 'two', 'three'].map((name, i) => ({
      ...{ name: `stage-${i + 1}`, number: i + 1 },
      folder: `${root}/stages/${name}`,
    }));
  const staleBy = (commitOf: string, proof = CLAIM, dirty = false) =>
    staleness(root, stages())(proof, { state: 'holds', says: '', commit: commitOf, dirty });
  beforeEach(() => {
    git('init', '-q');
    write('stages/two/src/posts.ts', '1');
  });

  it.each([
    ['stages/two/src/posts.ts', CLAIM, true],
    ['stages/one/src/posts.ts', CLAIM, true],
    ['stages/three/src/posts.ts', CLAIM, false],
    ['shared/core/src/app.ts', CLAIM, true],
    ['stages/two/README.md', CLAIM, false],
    ['stages/two/test/posts.test.ts', CLAIM, false],
    ['stages/two/drills/kill.ts', CLAIM, false],
    ['stages/two/drills/kill.ts', DRILL, true],
    ['stages/two/claims/feed.ts', DRILL, false],
  ])('of before a change of %s', (file, proof, stale) => {
    const before = commit();
    expect(staleBy(before, proof)).toBeUndefined();
    write(file, '2');
    commit();
    expect(staleBy(before, proof)).toBe(stale ? 'the code has changed since' : undefined);
  });

  it('of a commit that is not here, or of code that no commit has, is stale', () => {
    expect(staleBy(commit(), CLAIM, true)).toBe('of code that no commit has');
    expect(staleBy('0123456789abcdef0123456789abcdef01234567')).toBe('its commit is not in this repository');
  });
});
