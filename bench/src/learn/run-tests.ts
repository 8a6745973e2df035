import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BadInput } from '@day90/infra';

/** How one test ended. */
export interface TestOutcome {
  name: string;
  passed: boolean;
  /** Of a failure: its first lines. */
  says: string;
}

interface JestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const SHOWN_LINES = 10;

/**
 * Runs tests of one file, also of one that is no part of the usual ones.
 * @param name - A part of the names of those to run; all of them unless told.
 * @throws {BadInput} When the file, or what it imports, can't be loaded: that is no test that has noticed something.
 */
export async function runTests(
  root: string,
  file: string,
  name?: string,
  signal?: AbortSignal,
): Promise<TestOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-learn-'));
  const report = join(folder, 'report.json');
  const jest = createRequire(join(root, 'package.json')).resolve('jest/bin/jest');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const only = name === undefined ? [] : ['--testNamePattern', RegExp.escape(name)];
  const args = [...node, jest, '--runTestsByPath', file, '--json', '--outputFile', report, ...only];
  try {
    const said = await outputOf(process.execPath, args, root, signal);
    if (!existsSync(report)) throw new BadInput(`the tests of ${file} could not be run: ${firstLines(said, 1)}`);
    return outcomesIn(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outputOf(command: string, args: string[], cwd: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    // Its own group, so that a Ctrl-C is ours to answer; a test that is asked to end ends what it has started.
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const end = () => void child.kill('SIGINT');
    signal?.addEventListener('abort', end);
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.once('error', reject).once('close', () => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve(said);
    });
  });
}

function outcomesIn({ testResults }: JestReport): TestOutcome[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const ran = assertionResults.filter(({ status }) => status === 'passed' || status === 'failed');
    if (assertionResults.length === 0)
      throw new BadInput(`${name} can't be loaded: ${firstLines(message).replaceAll('\n', ' | ')}`);
    return ran.map(({ fullName, status, failureMessages }) => ({
      ...{ name: fullName, passed: status === 'passed' },
      says: firstLines(failureMessages.join('\n')),
    }));
  });
}

/** Without the stack: that of a test names files of the runner. */
function firstLines(text: string, count = SHOWN_LINES): string {
  const lines = stripVTControlCharacters(text).split('\n');
  const own = lines.filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return own.slice(0, count).join('\n');
}
