import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../run/environment.ts';
import { keepOutcomes, stateOfTest } from './kept-outcomes.ts';
import type { Proof } from './proofs.ts';

const PROGRAMS = {
  bench: fileURLToPath(new URL('../main.ts', import.meta.url)),
  drill: fileURLToPath(new URL('../drill/main.ts', import.meta.url)),
};

/**
 * Runs proofs one after the other, each by its own command, which keeps its own result. One that fails does not stop the
 * others.
 * @returns The names of those that could not be run, or whose bench was void.
 * @throws The signal's reason once it is aborted; what was finished is kept.
 */
export async function runProofs(root: string, proofs: readonly Proof[], signal: AbortSignal): Promise<string[]> {
  const failed: string[] = [];
  for (const [i, proof] of proofs.entries()) {
    process.stderr.write(`\n${i + 1} of ${proofs.length}: ${proof.name}\n`);
    const good = proof.kind === 'test' ? await runTest(root, proof, signal) : await runCommand(root, proof, signal);
    signal.throwIfAborted();
    if (!good) failed.push(proof.name);
  }
  return failed;
}

/** By bench or drill. Their tables go to standard error: standard output is the ledger's. */
function runCommand(root: string, { command, kind }: Proof, signal: AbortSignal): Promise<boolean> {
  const [, ...args] = command;
  return run([PROGRAMS[kind === 'claim' ? 'bench' : 'drill'], ...args], root, signal);
}

async function runTest(root: string, { name, title, file }: Proof, signal: AbortSignal): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-tests-'));
  const report = join(folder, 'report.json');
  try {
    const { machineKind: machine, commit, dirty } = await environment(root);
    const args = [file ?? '', '-t', escaped(title), '--json', `--outputFile=${report}`];
    const good = await run([join(root, 'scripts/test.ts'), ...args], root, signal);
    // Without a report it did not get as far as the tests, as where a package of the system is missing.
    if (signal.aborted || !existsSync(report)) return false;
    const state = stateOfTest(readFileSync(report, 'utf8'), title);
    const says = { holds: 'passed', missed: 'failed', skipped: 'skipped' }[state];
    const takenAt = new Date().toISOString();
    keepOutcomes(`${root}/.run/results`, { [name]: { state, says, takenAt, machine, commit, dirty } });
    return good && state !== 'missed';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: string[], cwd: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // SIGINT, as the terminal sends it: each of them ends what it has started.
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 2, 2], signal, killSignal: 'SIGINT' });
    child.once('error', (error) => (signal.aborted ? undefined : reject(error)));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Jest takes what follows `-t` for a regular expression. */
function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
