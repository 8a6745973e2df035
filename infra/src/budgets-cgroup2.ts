import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Budgets } from './budget.ts';
import { BudgetGroups, limiting, quotaOf, readStat, removeGroup } from './budgets-groups.ts';
import { type CgroupMount, findCgroups } from './budgets-mounts.ts';

/**
 * Budgets by the `cpu` controller of cgroup v2.
 * @returns undefined where it is not there, or groups may not be made or processes not moved.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export function openCgroup2(name: string, proc: string): Budgets | undefined {
  const mount = findCgroups(proc);
  const groups = mount && openGroups(mount, name);
  if (!groups) return undefined;
  return {
    kind: 'cgroup2',
    folders: [groups.folder],
    command: (_box, argv) => argv,
    place: (box, pid) => groups.place(box, pid),
    setCpu: (box, share) => limiting(box, () => writeQuota(box, groups.make(box), share)),
    usage: (box) => {
      const folder = groups.find(box);
      return folder ? readUsage(folder) : undefined;
    },
    group: (box) => groups.find(box),
    freeze: (box, frozen) => freezeGroup(groups.find(box), frozen),
    close: () => groups.remove(),
  };
}

/** What a group has used, from its cpu.stat. */
export function readUsage(folder: string) {
  const {
    usage_usec: cpuMicros = 0,
    nr_periods: periods = 0,
    nr_throttled: throttledPeriods = 0,
  } = readStat(join(folder, 'cpu.stat'));
  return { cpuMicros, periods, throttledPeriods };
}

/** Freezes or thaws a group. @returns Whether it could. */
export function freezeGroup(folder: string | undefined, frozen: boolean): boolean {
  if (!folder) return false;
  try {
    writeFileSync(join(folder, 'cgroup.freeze'), frozen ? '1' : '0');
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the instance's group in the nearest group above this process that can have one. That is never its own: a group
 * that holds processes can't hand controllers down to groups in it (only the root of all can).
 * Groups that hand `cpu` down already come first, so that nothing of the system is changed unless it must be.
 */
function openGroups({ root, own }: CgroupMount, name: string): BudgetGroups | undefined {
  const all = upward(own, root);
  const ready = all.filter((folder) => words(folder, 'cgroup.subtree_control').includes('cpu'));
  const possible = all.filter(
    (folder) => !ready.includes(folder) && words(folder, 'cgroup.controllers').includes('cpu'),
  );
  for (const folder of [...ready, ...possible]) {
    const groups = tryOpen(folder, name, ready.includes(folder));
    if (groups) return groups;
  }
  return undefined;
}

function tryOpen(parent: string, name: string, handsDown: boolean): BudgetGroups | undefined {
  let groups: BudgetGroups | undefined;
  try {
    // Moving a process asks for the right to write here, the group above both where it was and where it goes.
    accessSync(join(parent, 'cgroup.procs'), constants.W_OK);
    if (!handsDown) handCpuDown(parent);
    groups = new BudgetGroups(parent, name);
    writeFileSync(join(groups.folder, 'cpu.max'), 'max');
    // While this one hands it down, the parent can't stop to: systemd would, when none of its own units needs it.
    handCpuDown(groups.folder);
    return groups;
  } catch {
    if (groups) removeGroup(groups.folder);
    return undefined;
  }
}

function handCpuDown(folder: string): void {
  writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu');
}

function writeQuota(box: string, folder: string, share: number | undefined): void {
  const limit = share === undefined ? undefined : quotaOf(box, share);
  writeFileSync(join(folder, 'cpu.max'), limit ? `${limit.quota} ${limit.period}` : 'max');
}

/** A folder and those above it, up to `root`. */
function upward(folder: string, root: string): string[] {
  return folder === root ? [folder] : [folder, ...upward(dirname(folder), root)];
}

function words(folder: string, file: string): string[] {
  try {
    return readFileSync(join(folder, file), 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}
