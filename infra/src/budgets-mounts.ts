import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A hierarchy of cgroups as this process sees it. */
export interface CgroupMount {
  /** Where its root is. */
  root: string;
  /** The group this process is in. */
  own: string;
}

/**
 * Finds a hierarchy: that of a v1 controller, or v2's.
 * @param controller - `cpu`, `cpuacct` …, or undefined for v2.
 * @returns undefined where it isn't mounted.
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html - /proc/[pid]/cgroup; mountinfo is in proc_pid_mountinfo(5)
 */
export function findCgroups(proc: string, controller?: string): CgroupMount | undefined {
  const mount = lines(join(proc, 'self/mountinfo')).map(parseMount).find(holds(controller));
  if (!mount) return undefined;
  const path = groupOf(proc, 'self', controller) ?? '/';
  // In a container the path may begin outside of what is mounted: then the root of the mount is its group.
  const below = relative(mount.top, path);
  return { root: mount.folder, own: below.startsWith('..') ? mount.folder : join(mount.folder, below) };
}

/** The group a process is in, as a path from the root of its hierarchy. */
export function groupOf(proc: string, pid: number | 'self', controller?: string): string | undefined {
  for (const line of lines(join(proc, String(pid), 'cgroup'))) {
    const [, id = '', names = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (controller ? names.split(',').includes(controller) : id === '0') return path;
  }
  return undefined;
}

interface Mount {
  /** The group that is its root, for the host. */
  top: string;
  folder: string;
  type: string;
  options: string[];
}

function parseMount(line: string): Mount {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , top = '', folder = ''] = before.split(' ');
  const [type = '', , options = ''] = after.split(' ');
  return { top, folder, type, options: options.split(',') };
}

function holds(controller: string | undefined) {
  return ({ type, options }: Mount) =>
    controller ? type === 'cgroup' && options.includes(controller) : type === 'cgroup2';
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
