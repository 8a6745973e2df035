import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Budgets } from './budget.ts';
import { BudgetGroups, limiting, quotaOf, readStat } from './budgets-groups.ts';
import { findCgroups } from './budgets-mounts.ts';

/** A family that forks while it is being stopped is looked at this often at most. */
const FREEZE_ROUNDS = 50;

/**
 * Budgets by the `cpu` and `cpuacct` controllers of cgroup v1, in groups below that of this process.
 * @returns undefined where they are not there or may not be written.
 * @see https://docs.kernel.org/scheduler/sched-bwc.html and https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html
 */
export function openCgroup1(name: string, proc: string): Budgets | undefined {
  const cpu = openGroups(proc, 'cpu', name);
  const other = openGroups(proc, 'cpuacct', name);
  // Most systems mount the two as one.
  const account = other?.folder === cpu?.folder ? cpu : other;
  if (!cpu || !account || !takesQuota(cpu)) {
    for (const groups of [cpu, account]) groups?.remove();
    return undefined;
  }
  const all = new Set([cpu, account]);
  return {
    kind: 'cgroup1',
    folders: [...all].map(({ folder }) => folder),
    command: (_box, argv) => argv,
    place: (box, pid) => {
      for (const groups of all) groups.place(box, pid);
    },
    setCpu: (box, share) => limiting(box, () => writeQuota(box, cpu.make(box), share)),
    usage: (box) => {
      const [limits, books] = [cpu.find(box), account.find(box)];
      return limits && books ? readUsage(limits, books) : undefined;
    },
    group: (box) => cpu.find(box),
    freeze: (box, frozen) => signalAll(cpu, box, frozen ? 'SIGSTOP' : 'SIGCONT'),
    close: () => {
      for (const groups of all) groups.remove();
    },
  };
}

function openGroups(proc: string, controller: string, name: string): BudgetGroups | undefined {
  const mount = findCgroups(proc, controller);
  if (!mount) return undefined;
  try {
    return new BudgetGroups(mount.own, name);
  } catch {
    return undefined; // an ordinary user, or a read-only mount
  }
}

/** A kernel without bandwidth control has shares only. */
function takesQuota(cpu: BudgetGroups): boolean {
  try {
    writeFileSync(join(cpu.folder, 'cpu.cfs_quota_us'), '-1');
    return true;
  } catch {
    return false;
  }
}

function writeQuota(box: string, folder: string, share: number | undefined): void {
  // Lifted first: a period shorter than before would for a moment make more of the old quota than the parent may allow.
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), '-1');
  if (share === undefined) return;
  const { quota, period } = quotaOf(box, share);
  writeFileSync(join(folder, 'cpu.cfs_period_us'), String(period));
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
}

function readUsage(limits: string, books: string) {
  const { nr_periods: periods = 0, nr_throttled: throttledPeriods = 0 } = readStat(join(limits, 'cpu.stat'));
  const nanos = Number(readFileSync(join(books, 'cpuacct.usage'), 'utf8'));
  return { cpuMicros: nanos / 1000, periods, throttledPeriods };
}

/**
 * SIGSTOP to every member rather than v1's freezer: a process in that one does not even hear SIGKILL, so that nothing
 * could end the boxes of a launcher that died while one of them was frozen.
 */
function signalAll(groups: BudgetGroups, box: string, signal: 'SIGSTOP' | 'SIGCONT'): boolean {
  const done = new Set<number>();
  for (let round = 0; round < FREEZE_ROUNDS; round += 1) {
    const fresh = groups.pids(box).filter((pid) => !done.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      done.add(pid);
      try {
        process.kill(pid, signal);
      } catch {
        // gone meanwhile
      }
    }
  }
  return done.size > 0;
}
