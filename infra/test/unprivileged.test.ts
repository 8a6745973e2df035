import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asUnprivileged, folderElsewhere, handOver, reachableFolder, unprivilegedUser } from '../src/unprivileged.ts';

const user = unprivilegedUser();
const asRoot = user ? it : it.skip;

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'day90-workspace-'));
});
afterEach(() => {
  rmSync(workspace, { recursive: true });
  const ours = dirname(folderElsewhere(workspace, 'data'));
  rmSync(ours, { recursive: true, force: true });
  // Of no other checkout: what is not empty stays.
  if (existsSync(dirname(ours)) && readdirSync(dirname(ours)).length === 0) rmdirSync(dirname(ours));
});

/** Whether the unprivileged user can make a file there. */
function canWrite(folder: string): boolean {
  return spawnSync('touch', [join(folder, 'file')], { uid: user?.uid, gid: user?.gid, cwd: '/' }).status === 0;
}

describe('what the unprivileged user must reach', () => {
  it('lies in .run/ of an open checkout', () => {
    chmodSync(workspace, 0o755);
    expect(reachableFolder(workspace, 'data')).toBe(join(workspace, '.run', 'data'));
  });

  asRoot('lies elsewhere when root alone can enter the checkout, whatever the umask', () => {
    const umask = process.umask(0o077);
    const folder = reachableFolder(workspace, 'data');
    mkdirSync(join(folder, 'postgres'));
    process.umask(umask);
    handOver(join(folder, 'postgres'));
    expect(folder).toBe(folderElsewhere(workspace, 'data'));
    expect(canWrite(join(folder, 'postgres'))).toBe(true);
    expect(canWrite(folder)).toBe(false);
  });

  asRoot('is handed over with all in it, but for what links in it lead to', () => {
    const secret = join(workspace, 'secret');
    const folder = join(workspace, 'folder');
    writeFileSync(secret, '');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    mkdirSync(join(workspace, 'beside'));
    symlinkSync(secret, join(folder, 'link'));
    symlinkSync(join(workspace, 'beside'), join(folder, 'inner', 'folder-link'));
    writeFileSync(join(folder, 'inner', 'file'), '');
    handOver(folder);
    for (const path of ['', 'inner', 'inner/file']) expect(statSync(join(folder, path)).uid).toBe(user?.uid);
    expect(statSync(secret).uid).toBe(0);
    expect(statSync(join(workspace, 'beside')).uid).toBe(0);
  });
});

describe('work as the unprivileged user', () => {
  asRoot('reads and writes through no link that the user could not follow, and is root again afterwards', () => {
    const secret = join(workspace, 'secret');
    const folder = join(workspace, 'folder');
    chmodSync(workspace, 0o755);
    writeFileSync(secret, 'of root', { mode: 0o600 });
    mkdirSync(folder);
    symlinkSync(secret, join(folder, 'link'));
    handOver(folder);
    const groups = process.getgroups?.();
    expect(() => asUnprivileged(() => readFileSync(join(folder, 'link')))).toThrow('EACCES');
    expect(() => asUnprivileged(() => writeFileSync(join(folder, 'link'), 'theirs'))).toThrow('EACCES');
    asUnprivileged(() => writeFileSync(join(folder, 'made'), ''));
    expect(statSync(join(folder, 'made'))).toMatchObject({ uid: user?.uid, gid: user?.gid });
    expect(readFileSync(secret, 'utf8')).toBe('of root');
    expect([process.geteuid?.(), process.getegid?.(), process.getgroups?.()]).toEqual([0, 0, groups]);
  });

  it('gives what it gives', () => {
    expect(asUnprivileged(() => 1)).toBe(1);
  });
});
