import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Which package manager this system's commands are written for. */
export type PackageSystem = 'apt' | 'brew' | 'none';

/** apt on Debian and its kin, brew on macOS (and where it is all there is). */
export function packageSystem(): PackageSystem {
  if (process.platform === 'linux' && findOnPath('apt-get')) return 'apt';
  if (process.platform === 'darwin' || findOnPath('brew')) return 'brew';
  return 'none';
}

/** Whether this runs inside Windows' Linux. */
export function inWsl(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /microsoft/i.test(readFileSync('/proc/version', 'utf8'));
  } catch {
    return false;
  }
}

/** Every file of that name on PATH, and in `more` folders behind it. */
export function findAllOnPath(name: string, more: string[] = []): string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more].filter((folder) => folder !== '');
  return [...new Set(folders.map((folder) => join(folder, name)))].filter((path) => existsSync(path));
}

/** The first of them. */
export function findOnPath(name: string, more: string[] = []): string | undefined {
  return findAllOnPath(name, more)[0];
}

const VERSION_TIMEOUT_MS = 10_000;

/** The first `1.2` or `1.2.3` that a program prints, or undefined when it can't be run or prints none. */
export function versionOf(path: string, args: string[]): string | undefined {
  const run = spawnSync(path, args, { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS });
  return /\d+\.\d+(\.\d+)?/.exec(`${run.stdout ?? ''}\n${run.stderr ?? ''}`)?.[0];
}

/** Whether version `have` is `least` or newer, by numbers between dots. */
export function atLeast(have: string, least: string): boolean {
  const [a, b] = [have, least].map((version) => version.split('.').map(Number));
  for (let i = 0; i < (b?.length ?? 0); i += 1) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
