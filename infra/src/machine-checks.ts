import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import type { Budgets } from './budget.ts';
import { openBudgets } from './budgets.ts';
import type { Check } from './check.ts';
import { machine } from './machine.ts';
import { atLeast, findOnPath, inWsl, versionOf } from './system.ts';

/** `crypto.argon2` came with it. */
const LEAST_NODE = '24.7';
const LEAST_PNPM = '12';
const GIB = 1024 ** 3;
const LEAST_MEMORY = 0.3 * GIB;
const GOOD_MEMORY = GIB;
const LEAST_DISK = 0.5 * GIB;
/** Data of scale full: its template, and a copy for each arm of a bench. */
const GOOD_DISK = 3 * GIB;
const LEAST_FILES = 1024;
const GOOD_FILES = 4096;

/** What every stage asks of the machine. */
export async function machineChecks(workspace: string): Promise<Check[]> {
  return [await system(), user(), node(), pnpm(), memory(), disk(workspace), files()];
}

async function system(): Promise<Check> {
  const { os, kernel, cpu, cores } = await machine();
  const found = `${os}${inWsl() ? ' in WSL' : ''}, kernel ${kernel}, ${cores} × ${cpu}`;
  const known = process.platform === 'linux' || process.platform === 'darwin';
  return known
    ? { name: 'system', status: 'pass', found }
    : { name: 'system', status: 'fail', found, mend: 'wsl --install (then run this in WSL)' };
}

function user(): Check {
  return { name: 'user', status: 'pass', found: process.getuid?.() === 0 ? 'root' : 'an ordinary user' };
}

function node(): Check {
  const { version } = process;
  const found = `Node ${version.slice(1)}, at least ${LEAST_NODE}`;
  if (atLeast(version.slice(1), LEAST_NODE)) return { name: 'node', status: 'pass', found };
  return { name: 'node', status: 'fail', found, mend: 'npx -y pnpm install (brings the right one)' };
}

function pnpm(): Check {
  const path = findOnPath('pnpm');
  const version =
    /pnpm\/(\d[\d.]*)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ??
    (path ? versionOf(path, ['--version']) : undefined);
  if (!version)
    return { name: 'pnpm', status: 'pass', found: 'not installed, and need not be: `npx -y pnpm` brings it' };
  const status = atLeast(version, LEAST_PNPM) ? 'pass' : 'warn';
  return {
    name: 'pnpm',
    status,
    found: `pnpm ${version}, at least ${LEAST_PNPM}`,
    ...(status === 'warn' ? { mend: 'npx -y pnpm@12 <command>' } : {}),
  };
}

function memory(): Check {
  const bytes = process.availableMemory();
  const found = `${gib(bytes)} free`;
  if (bytes >= GOOD_MEMORY) return { name: 'memory', status: 'pass', found };
  return {
    name: 'memory',
    status: bytes < LEAST_MEMORY ? 'fail' : 'warn',
    found,
    mend: 'close other programs, or use SCALE=small',
  };
}

function disk(workspace: string): Check {
  const { bavail, bsize } = statfsSync(workspace);
  const bytes = bavail * bsize;
  const found = `${gib(bytes)} free`;
  if (bytes >= GOOD_DISK) return { name: 'disk', status: 'pass', found };
  const status = bytes < LEAST_DISK ? 'fail' : 'warn';
  return {
    name: 'disk',
    status,
    found: `${found}; scale full wants ${gib(GOOD_DISK)}`,
    mend: 'npx -y pnpm reset --all',
  };
}

/** The limit a box inherits. */
function files(): Check {
  const limit = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout.trim();
  const found = `${limit} open files for each process`;
  if (limit === 'unlimited' || Number(limit) >= GOOD_FILES) return { name: 'files', status: 'pass', found };
  return {
    name: 'files',
    status: Number(limit) < LEAST_FILES ? 'fail' : 'warn',
    found,
    mend: `ulimit -n ${GOOD_FILES}`,
  };
}

const BUDGETS: Record<Exclude<Budgets['kind'], 'none'>, string> = {
  cgroup2: 'cgroup v2',
  cgroup1: 'cgroup v1',
  systemd: "scopes of the user's systemd",
};

/** What limits boxes to a share of a core here. Makes a group on trial, and removes it. */
export function budgetsCheck(): Check {
  const budgets = openBudgets('preflight');
  budgets.close();
  const { kind } = budgets;
  if (kind !== 'none') return { name: 'budgets', status: 'pass', found: `CPU shares of boxes by ${BUDGETS[kind]}` };
  return {
    name: 'budgets',
    status: 'warn',
    found: 'nothing limits a box to its CPU share: boxes run free, and results say so',
    ...(process.platform === 'linux' ? { mend: 'run it as root' } : {}),
  };
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
