import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BadInput } from './bad-input.ts';

/**
 * The root of the workspace that holds `from`: the nearest folder upward with a pnpm-workspace.yaml.
 * @throws {BadInput} When there is none.
 */
export function workspaceRoot(from: string = process.cwd()): string {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (folder === dirname(folder)) {
      throw new BadInput(
        `${from} lies in no workspace (no pnpm-workspace.yaml there or above): run this inside the checkout`,
        { code: 'D90-OUTSIDE' },
      );
    }
  }
}

/** The folder of a stage: the nearest one upward from a file of it with a package.json. */
export function packageFolder(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new BadInput(`${file} lies in no package (no package.json there or above)`);
  }
}
