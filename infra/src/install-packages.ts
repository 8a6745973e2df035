import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import type { SystemNeed } from './needs.ts';
import { findOnPath } from './system.ts';

/** Debian's packages ask this program before they start a service; 101 forbids it. See invoke-rc.d(8). */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY_TEXT = '#!/bin/sh\n# Put here by day90 while it installs packages; safe to delete.\nexit 101\n';

const APT_LOCK_SECONDS = 300;

/** Runs one command on the terminal; resolves with its exit code. */
export type Run = (argv: string[]) => Promise<number>;

/** Installs packages by brew. */
export async function installByBrew(needs: SystemNeed[], run: Run = runVisibly): Promise<void> {
  await must(run, ['brew', 'install', ...needs.map((need) => need.brew)]);
}

/**
 * Installs packages by apt-get, as root or through sudo. No service is started: Debian would start nginx on port 80 and
 * Redis on 6379 as part of the installation. What forbids it is taken away again also after a failure or a Ctrl-C; one
 * that was there before is left as it is.
 */
export async function installByApt(
  needs: SystemNeed[],
  run: Run = runVisibly,
  policyFile = POLICY_FILE,
): Promise<void> {
  const ours = !existsSync(policyFile) || readFileSync(policyFile, 'utf8') === POLICY_TEXT;
  const asRoot = (...argv: string[]) => must(run, [...rootPrefix(), ...argv]);
  // With a handler Node outlives the Ctrl-C that ends apt-get, and gets to the end of this function.
  const stay = () => {};
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stay);
  try {
    if (ours) await placePolicy(asRoot, policyFile);
    // It fails while somebody else's update is under way, and need not succeed: what is missing then, `install` says.
    await run([...rootPrefix(), 'apt-get', 'update']);
    await asRoot(
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '-y',
      // Somebody else may be installing, such as Ubuntu's daily updates. In seconds.
      '-o',
      `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`,
      '--no-install-recommends',
      ...needs.flatMap((need) => need.apt.split(' ')),
    );
  } finally {
    if (ours) await asRoot('rm', '-f', policyFile);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stay);
  }
}

async function placePolicy(asRoot: (...argv: string[]) => Promise<void>, policyFile: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-'));
  try {
    writeFileSync(join(folder, 'policy'), POLICY_TEXT);
    await asRoot('install', '-m', '755', join(folder, 'policy'), policyFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rootPrefix(): string[] {
  if (process.getuid?.() === 0) return [];
  if (findOnPath('sudo')) return ['sudo'];
  throw new BadInput('installing packages needs root: there is no sudo, so run `npx -y pnpm setup:system` as root', {
    code: 'D90-PACKAGE-MISSING',
  });
}

async function must(run: Run, argv: string[]): Promise<void> {
  const code = await run(argv);
  if (code !== 0) throw new BadInput(`\`${argv.join(' ')}\` failed with code ${code}`, { code: 'D90-PACKAGE-MISSING' });
}

function runVisibly([command = '', ...args]: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // What it writes goes to standard error: standard output may be the JSON of a bench.
    const child = spawn(command, args, { stdio: ['inherit', 2, 2] });
    child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
}
