import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerRows } from '../src/claims/rows.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../src/claims/main.ts', import.meta.url));
/** Tests that several stages run stand there, and each stage's own file calls them. */
const CONTRACTS = `${ROOT}/shared/testing/src`;

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
const named = ledgerRows.flatMap(({ id, tests = [] }) => tests.map(({ file, name }) => [id, file, name] as const));

describe('the rows of the ledger', () => {
  it('are the 26 claims, the 15 traps and the 20 lines of the checklist, each once', () => {
    expect(ledgerRows.map(({ id }) => id)).toEqual([...numbered('C', 26), ...numbered('T', 15), ...numbered('K', 20)]);
  });

  it('sum up rows that there are, and none in a circle', () => {
    for (const { id, as = [] } of ledgerRows) {
      const others = as.map((other) => ledgerRows.find((row) => row.id === other));
      expect({ id, known: others.every(Boolean) }).toEqual({ id, known: true });
      expect({ id, again: others.flatMap((other) => other?.as ?? []).includes(id) }).toEqual({ id, again: false });
    }
  });

  it.each(named)('%s names a test of %s that there is: %s', (_id, file, name) => {
    expect(existsSync(`${ROOT}/${file}`)).toBe(true);
    const shared = readdirSync(CONTRACTS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const folder = dirname(`${ROOT}/${file}`); // tests that share a stage stand in files beside the one that runs them
    const beside = readdirSync(folder).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
    const paths = [
      `${ROOT}/${file}`,
      ...beside.map((path) => `${folder}/${path}`),
      ...shared.map((path) => `${CONTRACTS}/${path}`),
    ];
    const texts = paths.map((path) => readFileSync(path, 'utf8'));
    expect(texts.some((text) => text.includes(name))).toBe(true);
  });
});

describe('the ledger of this workspace', () => {
  let rows: { id: string; state: string; proofs: { name: string; command: string[] }[] }[];
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--json'], { cwd: ROOT, maxBuffer: 1e8 });
    rows = JSON.parse(stdout).rows;
  }, 120_000);
  const proofsOf = (id: string) => rows.find((row) => row.id === id)?.proofs.map(({ name }) => name) ?? [];

  it('finds claims by what they prove, drills by their numbers, and what a row sums up', () => {
    expect(proofsOf('C1')).toEqual(['stage-1.feed', 'stage-3.n+1-over-a-network']);
    expect(proofsOf('T6')).toEqual(['stage-4.own-writes', 'stage-4.15-replica-paused']);
    expect(proofsOf('K1')).toEqual(proofsOf('C1'));
    expect(proofsOf('K5')).toEqual([...proofsOf('C14'), ...proofsOf('T6')]);
  });

  it('gives each proof the command that runs it', () => {
    const commands = Object.fromEntries(
      rows.flatMap(({ proofs }) => proofs.map(({ name, command }) => [name, command])),
    );
    expect(commands['stage-1.feed']).toEqual(['pnpm', 'bench', 'stage-1', '--claim', 'feed']);
    expect(commands['stage-2.3-cache-killed']).toEqual(['pnpm', 'drill', '3-cache-killed', '--stage', 'stage-2']);
  });
});
