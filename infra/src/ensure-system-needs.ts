import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { installByApt, installByBrew, type Run } from './install-packages.ts';
import { type SystemNeed, systemNeeds } from './needs.ts';
import { type Progress, stderrProgress } from './progress.ts';
import { packageCommand, programCheck } from './stage-checks.ts';
import { packageSystem } from './system.ts';
import { userCache } from './user-cache.ts';
import { waitForLock } from './wait-for-lock.ts';

interface InstallOptions {
  onProgress?: Progress | undefined;
  /** Ends the waiting for another installation. One that is under way goes on to its end. */
  signal?: AbortSignal | undefined;
  /** Runs a package manager's commands, for tests. */
  run?: Run;
}

/**
 * Sees to it that the programs are there that a stage and those before it take from system packages. As root on Debian and
 * its kin what is missing is installed, after saying so; elsewhere all of it is named at once.
 * @param stage - `stage-3`.
 * @param use - `start`: to run it · `bench`: to measure, drill or test it, too.
 * @throws {BadInput} With the one command that installs what is missing, or what is too old in this system's packages.
 */
export async function ensureSystemNeeds(
  stage: string,
  use: SystemNeed['use'],
  options: InstallOptions & { needs?: SystemNeed[] } = {},
): Promise<void> {
  const missing = missingNeeds(stageNumber(stage), use, options.needs);
  if (missing.length === 0) return;
  const what = `${stage} needs ${describeNeeds(missing)}`;
  if (packageSystem() !== 'apt' || process.getuid?.() !== 0) {
    const command = packageCommand(missing);
    throw new BadInput(`${what}: ${command.startsWith('install ') ? command : `\`${command}\` installs it`}`, {
      code: 'D90-PACKAGE-MISSING',
    });
  }
  const progress = options.onProgress ?? stderrProgress();
  progress(`${what}: installing it by apt-get, no service is started …`);
  await installNeeds(missing, { ...options, onProgress: progress });
}

/** What a stage and those before it need of system packages and is not there, or too old. */
export function missingNeeds(stage: number, use: SystemNeed['use'] = 'bench', needs = systemNeeds): SystemNeed[] {
  return needs
    .filter((need) => need.from <= stage && (use === 'bench' || need.use === 'start'))
    .filter((need) => programCheck(need).status !== 'pass');
}

/** `nginx 1.16 or newer, wrk 4.0 or newer` */
export function describeNeeds(needs: SystemNeed[]): string {
  return needs.map((need) => `${need.program} ${need.least} or newer`).join(', ');
}

/**
 * Installs packages by this system's package manager. Of two that are asked at once the second one waits: what forbids
 * service starts would be taken away under its hands, and apt-get allows one at a time.
 * @throws {BadInput} Without a package manager, when it fails, or when its packages are too old.
 */
export async function installNeeds(needs: SystemNeed[], options: InstallOptions = {}): Promise<void> {
  const { onProgress: progress = stderrProgress(), signal, run } = options;
  mkdirSync(userCache(), { recursive: true });
  const lock = join(userCache(), 'packages.lock');
  const release = await waitForLock(lock, { doing: 'installs packages', progress, signal });
  const missing = () => needs.filter((need) => programCheck(need).status !== 'pass');
  try {
    if (missing().length > 0) await install(missing(), run);
  } catch (error) {
    signal?.throwIfAborted(); // a Ctrl-C ends apt-get as well, which is no failure of it
    throw error;
  } finally {
    release();
  }
  signal?.throwIfAborted();
  const still = missing();
  if (still.length > 0)
    throw new BadInput(`${describeNeeds(still)}: this system's packages are too old, or not on PATH`, {
      code: 'D90-PACKAGE-MISSING',
    });
}

function install(needs: SystemNeed[], run?: Run): Promise<void> {
  const system = packageSystem();
  if (system === 'apt') return installByApt(needs, run);
  if (system === 'brew') return installByBrew(needs, run);
  throw new BadInput(packageCommand(needs), { code: 'D90-PACKAGE-MISSING' });
}

function stageNumber(stage: string): number {
  return Number(/^stage-(\d+)/.exec(stage)?.[1] ?? 0);
}
