import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput, printError } from '../infra/src/bad-input.ts';
import { inheritedEnv } from '../infra/src/child-env.ts';
import { ensureSystemNeeds } from '../infra/src/ensure-system-needs.ts';
import { allStages } from '../infra/src/stages.ts';

/** How a file of tests ended; written by count-reporter.mjs. */
interface Outcome {
  path: string;
  passed: number;
  failed: number;
}

/** More than these are no accident of a busy machine. */
const MOST_TO_REPEAT = 3;

const HELP = `Usage: pnpm test [files or folders] [options of jest]

Runs the tests, on a machine that has run nothing before, too: what they need is installed first. pnpm test:all runs the slowest as well.

Examples:
  pnpm test stages/day1-sqlite
  pnpm test stages/day1-sqlite/test/plans.test.ts -t 'search by an index'`;
if (process.argv.includes('--help')) {
  console.log(HELP);
  process.exit();
}

try {
  await ensureSystemNeeds(allStages(fileURLToPath(new URL('..', import.meta.url))).at(-1)?.name ?? '', 'bench');
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  printError(error);
  process.exit(1);
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status, outcomes } = run(process.argv.slice(2));
const all = new Map(outcomes.map((outcome) => [outcome.path, outcome]));

// Real servers, killed and frozen on two shared cores: where other tests took a second at the wrong moment, a file gets one more
// try, alone. It is said, so that nobody takes it for a pass; what is wrong in itself fails again.
const failed = outcomes.filter((outcome) => outcome.failed > 0).map(({ path }) => path);
if (process.env.CI && failed.length > 0 && failed.length <= MOST_TO_REPEAT) {
  console.log(`\nFailed beside other tests, and tried once more alone:\n${failed.join('\n')}\n`);
  for (const again of run(['--runInBand', '--runTestsByPath', ...failed]).outcomes) all.set(again.path, again);
}

const sum = (key: 'passed' | 'failed') => [...all.values()].reduce((total, outcome) => total + outcome[key], 0);
const whole = all.size > 0 ? sum('failed') === 0 : status === 0;
console.log(`${sum('passed')} passed, ${whole ? 0 : Math.max(1, sum('failed'))} failed`);
process.exitCode = whole ? 0 : 1;

function run(args: string[]): { status: number; outcomes: Outcome[] } {
  const folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  const file = join(folder, 'outcome.json');
  try {
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    // As boxes have it: the commands that tests run are then there in half the time.
    const { NODE_COMPILE_CACHE } = inheritedEnv();
    const env = { ...process.env, NODE_COMPILE_CACHE, TEST_OUTCOME: file };
    const { status } = spawnSync(process.execPath, [...node, jest, ...args], { stdio: 'inherit', env });
    return { status: status ?? 1, outcomes: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
