import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { type BoxSurroundings, fillIn } from './placeholders.ts';
import type { Box } from './topology.ts';

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
      throw new BadInput(`box ${name}: files.${file}: no template ${template} in ${folder}`);
    }
  };
  return Object.fromEntries(Object.entries(box.files ?? {}).map(read));
}

/**
 * Writes a box's files into `around.conf`. They hold passwords, so that only their owner may read them (0600, folder 0700).
 * @throws {BadInput} As {@link readTemplates} and {@link fillIn}.
 */
export function renderFiles(box: Box, folder: string, around: BoxSurroundings): void {
  for (const [file, template] of Object.entries(readTemplates(around.box, box, folder))) {
    const text = fillIn(template, `box ${around.box}: ${box.files?.[file]}`, around);
    mkdirSync(dirname(around.conf), { recursive: true });
    mkdirSync(around.conf, { recursive: true, mode: 0o700 });
    const path = join(around.conf, file);
    writeFileSync(path, text, { mode: 0o600 });
    chmodSync(path, 0o600); // `mode` is for a new file only
  }
}
