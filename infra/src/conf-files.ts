import { chmodSync, lchownSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { type BoxSurroundings, fillIn } from './placeholders.ts';
import type { Box } from './topology.ts';
import type { UnprivilegedUser } from './unprivileged.ts';

type Reader = Pick<UnprivilegedUser, 'uid' | 'gid'>;

/**
 * The texts of a box's templates by the name of the file each one becomes.
 * @param folder - The stage's.
 * @throws {BadInput} For a template that is not there.
 */
export function readTemplates(name: string, box: Box, folder: string): Record<string, string> {
  const read = ([file, template]: [string, string]) => {
    try {
      return [file, readFileSync(join(folder, template), 'utf8')];
    } catch {
      throw new BadInput(`box ${name}: files.${file}: no template ${template} in ${folder}`, { code: 'D90-TOPOLOGY' });
    }
  };
  return Object.fromEntries(Object.entries(box.files ?? {}).map(read));
}

/**
 * Writes a box's files into `around.conf`. They hold passwords, so that only who reads them may (0600). The folder is never the
 * reader's: in it they could put a link in the place of a file, and root would write wherever that leads.
 * @param reader - Whom the box runs as, where that is not who starts it.
 * @returns Whether any of them is another now than before.
 * @throws {BadInput} As {@link readTemplates} and {@link fillIn}; nothing was written then.
 */
export function renderFiles(box: Box, folder: string, around: BoxSurroundings, reader?: Reader): boolean {
  const templates = Object.entries(readTemplates(around.box, box, folder));
  const texts = templates.map(([file, template]) => {
    return [file, fillIn(template, `box ${around.box}: ${box.files?.[file]}`, around)] as const;
  });
  if (texts.length === 0) return false;
  ownFolder(around.conf);
  if (reader) chmodSync(dirname(around.conf), 0o711); // they have to come through, whatever the umask
  chmodSync(around.conf, reader ? 0o711 : 0o700);
  return texts.map(([file, text]) => write(join(around.conf, file), text, reader)).includes(true);
}

/** Makes it when it is not there, or is somebody else's: what they put into it goes. */
function ownFolder(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const uid = process.getuid?.();
  if (found && uid !== undefined && found.uid !== uid) {
    lchownSync(folder, uid, process.getgid?.() ?? uid);
    if (found.isDirectory()) chmodSync(folder, 0o700); // from here on they can't exchange what is being deleted
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** @returns Whether something else was there. */
function write(path: string, text: string, reader: Reader | undefined): boolean {
  const isAnother = !holds(path, text);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600); // `mode` is for a new file only
  if (reader) lchownSync(path, reader.uid, reader.gid);
  return isAnother;
}

/** Read only when it can be the same: what is there may also be a device, which has no end. */
function holds(path: string, text: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === Buffer.byteLength(text) && readFileSync(path, 'utf8') === text;
}
