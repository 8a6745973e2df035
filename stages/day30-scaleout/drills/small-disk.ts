import { spawnSync } from 'node:child_process';
import type { Rig } from '@day90/bench/drill';
import type { Box } from '@day90/infra';

/** Room for what a store of sessions appends in some minutes. */
const SIZE = '4m';

/** Why there can be no disk of that kind here. */
export function withoutSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'a small disk of its own is made by what Linux alone has';
  const made = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return made.status === 0 ? undefined : 'only root can have a small disk of its own made';
}

/**
 * The same box, whose folder is a disk of that size. Nobody else sees it, and it is gone with the process: there is nothing to
 * unmount after a drill that was broken off.
 */
export function onSmallDisk(box: Box): Box {
  const mounted = `mount -t tmpfs -o size=${SIZE} none "$0" && exec "$@"`;
  return { ...box, run: ['unshare', '--mount', 'sh', '-c', mounted, '${data}', ...box.run] };
}

/** Leaves no byte on the disk of that box: only a page that was begun can be written to its end. */
export function fillDisk(rig: Rig, box: string): void {
  // Its status is that of a full disk.
  inside(rig, box, `dd if=/dev/zero bs=4k >>"$0/ballast"; test -s "$0/ballast"`);
}

/** Takes it back. */
export function emptyDisk(rig: Rig, box: string): void {
  inside(rig, box, 'rm -f "$0/ballast"');
}

function inside({ instance, data }: Rig, box: string, script: string): void {
  const target = String(instance.box(box).pid);
  const { status, stderr } = spawnSync('nsenter', ['--target', target, '--mount', 'sh', '-c', script, data], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the disk of ${box}: ${stderr.trim()}`);
}
