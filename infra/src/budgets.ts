import type { Budgets } from './budget.ts';
import { openCgroup1 } from './budgets-cgroup1.ts';
import { openCgroup2 } from './budgets-cgroup2.ts';
import { openSystemd, type SystemdRun } from './budgets-systemd.ts';

/** Where a system's own things are, for tests. */
export interface BudgetsOptions {
  /** `/proc` unless told: names the group of this process and where the hierarchies are. */
  proc?: string;
  /** Runs `systemd-run` and `systemctl`. */
  systemdRun?: SystemdRun;
}

/**
 * Opens what this system has: cgroup v2 or v1 written directly where that is allowed, scopes of the user's systemd, or
 * nothing, which is no error. Groups that a dead launcher left are removed.
 * @param instance - Names the groups, together with this process' id: two checkouts may run a `stage-3` each.
 */
export function openBudgets(instance: string, options: BudgetsOptions = {}): Budgets {
  const { proc = '/proc', systemdRun } = options;
  if (process.platform !== 'linux') return noBudgets;
  const name = `${instance}-${process.pid}`;
  return openCgroup2(name, proc) ?? openCgroup1(name, proc) ?? openSystemd(name, proc, systemdRun) ?? noBudgets;
}

export const noBudgets: Budgets = {
  kind: 'none',
  folders: [],
  command: (_box, argv) => argv,
  place: () => {},
  setCpu: () => {},
  usage: () => undefined,
  group: () => undefined,
  freeze: () => false,
  close: () => {},
};
