import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Budgets } from './budget.ts';
import { freezeGroup, readUsage } from './budgets-cgroup2.ts';
import { limiting, quotaOf } from './budgets-groups.ts';
import { findCgroups, groupOf } from './budgets-mounts.ts';
import { ScopeBooks } from './scope-books.ts';

/** Runs a command to its end. @returns Whether it did what it should, and what it wrote. */
export type SystemdRun = (argv: string[]) => { ok: boolean; output: string };

/** Without a message bus either command may wait for one. */
const RUN_TIMEOUT_MS = 5000;
/** Where the user's service manager is found. A box' environment has neither. */
const BUS = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

interface Scope {
  unit: string;
  /** What was started in it. */
  pid?: number;
  /** Its group, once it was seen there. */
  folder?: string;
}

/**
 * Budgets by transient scopes of the user's own systemd, one for each start of a box. What ordinary users have, where
 * systemd hands them the `cpu` controller.
 * @returns undefined where it does not, as a scope made for trial shows.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html - CPUQuota, CPUQuotaPeriodSec
 */
export function openSystemd(name: string, proc: string, run: SystemdRun = runQuietly): Budgets | undefined {
  const root = findCgroups(proc)?.root;
  if (!root || !scopesHaveCpu(name, root, run)) return undefined;
  const scopes = new Map<string, Scope>();
  let starts = 0;
  const folderOf = (box: string) => {
    const scope = scopes.get(box);
    // systemd-run asks for the scope before it becomes the command: right after its start the process is not there yet.
    if (scope && !scope.folder) Object.assign(scope, folderOnceIn(scope, proc, root));
    return scope?.folder;
  };
  const books = new ScopeBooks((box) => usageOf(folderOf(box)));
  return {
    kind: 'systemd',
    folders: [],
    command: (box, argv) => {
      starts += 1; // a scope's name may be taken for a moment after its process has ended
      const unit = `day90-${name}-${box}-${starts}.scope`;
      books.next(box);
      scopes.set(box, { unit });
      return inScope(unit, [], argv);
    },
    place: (box, pid) => {
      const scope = scopes.get(box);
      if (scope) scope.pid ??= pid; // whatever that one forks is in the scope from the start
    },
    setCpu: (box, share) => limiting(box, () => setQuota(box, scopes.get(box), share, run)),
    usage: (box) => books.look(box),
    group: folderOf,
    freeze: (box, frozen) => {
      books.look(box); // whoever is about to end a box thaws it first
      return freezeGroup(folderOf(box), frozen);
    },
    close: () => {
      books.close();
      scopes.clear(); // systemd removes a scope when its last process has ended
    },
  };
}

/** Only a limit that stands in the group is one: systemd takes any CPUQuota, also without the controller. */
function scopesHaveCpu(name: string, root: string, run: SystemdRun): boolean {
  const show = 'cat "$0$(sed -n s/^0:://p /proc/self/cgroup)/cpu.max"';
  const limit = ['-p', 'CPUQuota=50%', '-p', 'CPUQuotaPeriodSec=20ms'];
  const { ok, output } = run(inScope(`day90-${name}-trial.scope`, limit, ['sh', '-c', show, root]));
  return ok && output.trim() === '10000 20000';
}

function inScope(unit: string, properties: string[], argv: string[]): string[] {
  const set = BUS.flatMap((name) => (process.env[name] ? [`${name}=${process.env[name]}`] : []));
  const unset = BUS.flatMap((name) => ['-u', name]);
  const scope = ['systemd-run', '--user', '--scope', '--quiet', '--collect', `--unit=${unit}`, ...properties, '--'];
  return ['env', ...set, ...scope, 'env', ...unset, ...argv];
}

function setQuota(box: string, scope: Scope | undefined, share: number | undefined, run: SystemdRun): void {
  if (!scope) return;
  const { quota, period } = share === undefined ? { quota: 0, period: 0 } : quotaOf(box, share);
  const percent = ((quota / period) * 100).toFixed(2);
  const properties = share === undefined ? ['CPUQuota='] : [`CPUQuota=${percent}%`, `CPUQuotaPeriodSec=${period}us`];
  const { ok, output } = run(['systemctl', '--user', 'set-property', '--runtime', scope.unit, ...properties]);
  // A scope goes with its last process, and its limit with it: there is nothing to lift then.
  if (!ok && share !== undefined) throw new Error(output.trim());
}

function folderOnceIn({ unit, pid }: Scope, proc: string, root: string): { folder?: string } {
  const path = pid === undefined ? undefined : groupOf(proc, pid);
  return path?.endsWith(`/${unit}`) ? { folder: join(root, path) } : {};
}

function usageOf(folder: string | undefined) {
  try {
    return folder ? readUsage(folder) : undefined;
  } catch {
    return undefined; // ended, and its group with it
  }
}

function runQuietly([command = '', ...args]: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: RUN_TIMEOUT_MS });
  return { ok: status === 0, output: status === 0 ? stdout : String(stderr ?? '') };
}
