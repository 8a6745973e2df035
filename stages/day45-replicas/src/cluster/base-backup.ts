import { constants, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { asUnprivileged } from '@day90/infra';
import { type Access, asOperator } from './operator.ts';

/** Folders that are there and empty in a copy: of the running server alone, or, as the log, sent to the copy when it starts. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
/** Files of the server that runs, and of who it is. */
const LEFT_OUT = new Set([
  ...['postmaster.pid', 'postmaster.opts', 'standby.signal', 'recovery.signal', 'backup_label', 'backup_label.old'],
  ...['follow.conf', 'epoch'],
]);
const CONTROL = join('global', 'pg_control');

/**
 * Makes a standby's folder from a primary that goes on working. What pg_basebackup does, which npm's Postgres lacks: between
 * the two calls files may be copied while they change, since the log of that time, replayed from the label on, makes them
 * whole; the log itself comes from the primary when the copy starts.
 * @param folder - Its own; what lies there is deleted once the new one is whole.
 * @see https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function baseBackup(from: { folder: string } & Access, folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  asUnprivileged(() => rmSync(partial, { recursive: true, force: true }));
  const label = await asOperator(from, async (client) => {
    await client.query('SELECT pg_backup_start($1, true)', [`copy for ${folder.split('/').at(-1)}`]);
    asUnprivileged(() => {
      copyFolder(from.folder, partial);
      // The last of all, as pg_basebackup has it: it says what the other files are to be like.
      copyFileSync(join(from.folder, CONTROL), join(partial, CONTROL));
    });
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    return rows[0]?.labelfile ?? '';
  });
  asUnprivileged(() => {
    writeFileSync(join(partial, 'backup_label'), label);
    writeFileSync(join(partial, 'standby.signal'), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  });
}

function copyFolder(root: string, to: string, from = root): void {
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const path = relative(root, source);
    if (LEFT_OUT.has(path) || isHalfMade(entry.name) || path === CONTROL) continue;
    if (!entry.isDirectory()) copyIfThere(source, target);
    else if (EMPTIED.has(path)) mkdirSync(target, { mode: 0o700 });
    else copyFolder(root, target, source);
  }
}

/** Sorts that did not fit into memory, and what is renamed once it is whole. */
function isHalfMade(name: string): boolean {
  return name.startsWith('pgsql_tmp') || name.endsWith('.half');
}

/** A table may be dropped between being listed and being read: the log says so, too. */
function copyIfThere(source: string, target: string): void {
  try {
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
