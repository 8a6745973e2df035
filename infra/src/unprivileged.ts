import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';

/** Who runs a program that refuses to be root, as `spawn` wants it: `uid` and `gid` go into its options as they are. */
export interface UnprivilegedUser {
  name: string;
  uid: number;
  gid: number;
}

/** In this order: Postgres' own user where a package has made one, else the one that every Unix has. */
const CANDIDATES = ['postgres', 'nobody'];
/** Holds what such a user must reach and cannot in the checkout. Root's alone to write, one folder a checkout in it. */
const ELSEWHERE = '/var/lib/day90';

let found: UnprivilegedUser | undefined;
/** Folders that the user was seen to come into. */
const entered = new Set<string>();

/**
 * The user that programs which refuse to be root run as.
 * @returns Undefined unless this process is root: everything then runs as who started it.
 * @throws {BadInput} When this is root, and the system has none of the users it could be.
 */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  found ??= CANDIDATES.map(lookUp).find((user) => user !== undefined);
  if (!found) {
    throw new BadInput(
      `Postgres refuses to run as root, and there is no user ${CANDIDATES.join(' or ')}: \`useradd --system postgres\` makes one, or run this as an ordinary user`,
      { code: 'D90-NO-USER' },
    );
  }
  return found;
}

/** By `id`, which also asks where users come from that stand in no /etc/passwd. */
function lookUp(name: string): UnprivilegedUser | undefined {
  const number = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  };
  const [uid, gid] = [number('-u'), number('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0 ? { name, uid, gid } : undefined;
}

/**
 * A folder of `.run/`, made when it is not there, or its stand-in elsewhere if the unprivileged user can't come as far as
 * `.run/`, such as in a checkout below a home of mode 0700. What lies in it is handed over by {@link handOver}.
 * @param name - Such as `templates`, or an instance.
 */
export function reachableFolder(workspace: string, name: string): string {
  const user = unprivilegedUser();
  const inRun = join(workspace, '.run', name);
  mkdirSync(inRun, { recursive: true });
  if (!user || canEnter(inRun, user)) return inRun;
  const elsewhere = folderElsewhere(workspace, name);
  let path = '';
  for (const part of elsewhere.split('/').slice(1)) {
    path += `/${part}`;
    if (mkdirSync(path, { recursive: true })) chmodSync(path, 0o711); // whatever the umask: the user has to come through
  }
  return elsewhere;
}

/** Where {@link reachableFolder} puts what can't lie in `.run/<name>`. Only names it. */
export function folderElsewhere(workspace: string, name: string): string {
  const hash = createHash('sha256').update(workspace).digest('hex').slice(0, 12);
  return join(ELSEWHERE, hash, name);
}

/**
 * Asked of the kernel, as that user: mode bits of all parents alone would not tell of access lists. Once: to ask costs a process,
 * while whoever starts a box again may have a load to send.
 */
function canEnter(folder: string, user: UnprivilegedUser): boolean {
  const options = { uid: user.uid, gid: user.gid, cwd: '/' };
  if (!entered.has(folder) && spawnSync('test', ['-x', folder], options).status === 0) entered.add(folder);
  return entered.has(folder);
}

/** Gives a file, or a folder with all in it, to the unprivileged user; does nothing unless this is root. */
export function handOver(path: string): void {
  const user = unprivilegedUser();
  if (!user) return;
  // The link itself and never what it points to: in a folder that user writes to, that could be any file of the system.
  lchownSync(path, user.uid, user.gid);
  if (lstatSync(path).isDirectory()) for (const entry of readdirSync(path)) handOver(join(path, entry));
}

/**
 * Works on files as the unprivileged user, where this is root; what is made then is that user's. For folders of theirs: in the
 * place of any file there they can put a link, which root would read or write through.
 * @param work - Must not wait for anything: the whole process is that user meanwhile.
 */
export function asUnprivileged<T>(work: () => T): T {
  const user = unprivilegedUser();
  if (!user) return work();
  const { getgroups, setgroups, setegid, seteuid } = process as Required<typeof process>;
  const groups = getgroups();
  setgroups([user.gid]);
  setegid(user.gid);
  seteuid(user.uid); // the last one out, and the first one back: without it none of the others may be changed
  try {
    return work();
  } finally {
    seteuid(0);
    setegid(0);
    setgroups(groups);
  }
}
