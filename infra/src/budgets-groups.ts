import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';

const PREFIX = 'day90-';
/** A group stays busy for a moment after its last process was reaped. */
const REMOVE_TRIES = 20;
const REMOVE_PAUSE_MS = 10;

/** The groups of one instance in one hierarchy: `day90-<name>/<box>`. */
export class BudgetGroups {
  readonly folder: string;
  readonly #boxes = new Set<string>();

  /**
   * Makes the group that holds the others, and removes those of launchers that are gone.
   * @param parent - The folder of the group it is made in.
   * @throws When that is not allowed here.
   */
  constructor(parent: string, name: string) {
    removeLeftovers(parent);
    this.folder = join(parent, `${PREFIX}${name}`);
    mkdirSync(this.folder, { recursive: true });
  }

  /** The folder of a box's group, which is made when it is not there. */
  make(box: string): string {
    const folder = join(this.folder, box);
    mkdirSync(folder, { recursive: true });
    this.#boxes.add(box);
    return folder;
  }

  /** The folder of a box's group; undefined before the first {@link make}. */
  find(box: string): string | undefined {
    return this.#boxes.has(box) ? join(this.folder, box) : undefined;
  }

  /** Moves a process with all its threads. */
  place(box: string, pid: number): void {
    try {
      writeFileSync(join(this.make(box), 'cgroup.procs'), String(pid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** The processes of a box. */
  pids(box: string): number[] {
    const folder = this.find(box);
    if (!folder) return [];
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  }

  remove(): void {
    removeGroups(this.folder);
  }
}

/** Whether a folder is a group. */
export function isGroup(folder: string): boolean {
  return existsSync(join(folder, 'cgroup.procs'));
}

/** Removes a group and those in it, their processes gone. */
export function removeGroups(folder: string): void {
  for (let tries = 1; !removeGroup(folder) && tries < REMOVE_TRIES; tries += 1)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REMOVE_PAUSE_MS);
}

/** How long a box may run in each period, in microseconds. */
export interface Quota {
  quota: number;
  period: number;
}

/** Short periods: with the usual 100 ms a box that used up its share stands still for up to 80 ms. */
const PERIOD_MICROS = 20_000;
/** The kernel takes nothing below a millisecond, and no period above a second. */
const LEAST_MICROS = 1000;
const MOST_MICROS = 1_000_000;

/**
 * A share of one core as the kernel takes it. A small share gets a longer period.
 * @throws {BadInput} Below a thousandth of a core.
 * @see https://docs.kernel.org/scheduler/sched-bwc.html#management
 */
export function quotaOf(box: string, share: number): Quota {
  if (!(share >= LEAST_MICROS / MOST_MICROS && Number.isFinite(share)))
    throw new BadInput(`box ${box}: a budget of ${share} of a core is none; the least one is 0.001`);
  const period = Math.min(MOST_MICROS, Math.max(PERIOD_MICROS, Math.ceil(LEAST_MICROS / share)));
  return { quota: Math.max(LEAST_MICROS, Math.round(share * period)), period };
}

/** Runs what sets a limit; the kernel's refusal becomes a line that names the box. */
export function limiting(box: string, set: () => void): void {
  try {
    set();
  } catch (error) {
    throw new BadInput(`box ${box}: the system refuses its CPU budget (${(error as Error).message})`, {
      code: 'D90-BUDGET-REFUSED',
    });
  }
}

/** The numbers of a file such as cpu.stat, by name. */
export function readStat(path: string): Record<string, number> {
  const rows = readFileSync(path, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(rows.map((row) => row.split(' ')).map(([name, value]) => [name, Number(value)]));
}

/** A group that holds no process and no other group can be removed at any time; this never harms a live one. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/-(\d+)$/.exec(name)?.[1]);
    if (name.startsWith(PREFIX) && pid && !isAlive(pid)) removeGroup(join(parent, name));
  }
}

/** @returns Whether it is gone. Plain rmdir: what looks like files in a group can't be deleted, and need not be. */
export function removeGroup(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) rmdirSync(join(folder, entry.name));
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
