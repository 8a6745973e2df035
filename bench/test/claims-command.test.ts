import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleResult } from './sample-result.ts';
import { ToyWorkspace } from './toy-workspace.ts';

const MAIN = fileURLToPath(new URL('../src/claims/main.ts', import.meta.url));

let toy: ToyWorkspace;
beforeEach(() => {
  toy = new ToyWorkspace(MAIN);
});
afterEach(() => toy.remove());

const git = (...args: string[]) => execFileSync('git', args, { cwd: toy.root, encoding: 'utf8' }).trim();

describe('a row of the ledger', () => {
  it('is not run where its proofs have no result, and unproven where it has none', async () => {
    const { out, code } = await toy.run(['C1', 'C11']);
    expect(out).toMatch(/C1 +not run /);
    expect(out).toContain('pnpm bench stage-1 --claim toy');
    expect(out).toMatch(/C11 +UNPROVEN/);
    expect(out).toContain('2 rows: 0 hold, 0 miss a goal, 1 not run here, 1 unproven.');
    expect(code).toBe(0);
  });

  it('holds by its last result, which is given with date, machine and commit', async () => {
    const env = { ...sampleResult().env, commit: git('rev-parse', 'HEAD') };
    const result = sampleResult({ stage: 'stage-1', claim: 'toy', env });
    toy.write('bench/results/linux-x64-2cpu/stage-1.toy.json', JSON.stringify(result));
    const { out } = await toy.run(['c1']);
    expect(out).toMatch(/C1 +holds/);
    expect(out).toContain('stage-1.toy: faster 2.90× [');
    expect(out).toContain(
      `2026-01-02, linux-x64-2cpu, commit ${git('rev-parse', 'HEAD').slice(0, 12)}, in the repository`,
    );
    expect(out).not.toContain('stale');
  });
});

describe('--run', () => {
  it('runs what is stale by its own command, and shows what came of it', async () => {
    const none = await toy.run(['C1', '--run', '--only', 'drills']);
    expect(none.err).toBe('nothing is stale\n');
    const first = await toy.run(['C1', '--run', '--only', 'benches', '--json']);
    expect(JSON.parse(first.out).rows).toMatchObject([{ id: 'C1', state: 'holds' }]);
    expect(first.err).toContain('1 of 1: stage-1.toy');
    expect(first.code).toBe(0);
    const again = await toy.run(['C1', '--run']);
    expect(again.err).toBe('nothing is stale\n');
  });

  it('says what could not be run, and exits 1', async () => {
    const { err, code } = await toy.run(['C1', '--run'], { FAKE_K6: 'fail' });
    expect(err).toContain('could not be run, failed, or void: stage-1.toy');
    expect(code).toBe(1);
  });
});

describe('bad input of the ledger', () => {
  it.each([
    [['C99'], 'no row C99; rows: C1 to C26, T1 to T15, K1 to K20 [D90-INPUT]'],
    [['C1', '--only', 'drills'], '--only: goes with --run [D90-INPUT]'],
    [['--fast'], "unknown option '--fast'; pnpm claims knows --run, --only, --save, --json, --help [D90-INPUT]"],
    [
      ['C1', '--save'],
      'bench/results has no results of a machine yet: run pnpm bench <stage> --save first [D90-NO-RESULTS: docs/troubleshooting.md#d90-no-results]',
    ],
  ])('%j is one line', async (args, line) => {
    const { code, err } = await toy.run(args);
    expect(err).toBe(`${line}\n`);
    expect(code).toBe(1);
  });
});
