import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { BadInput } from '@day90/infra';
import type { Plan } from './plans.ts';
import { projectOf } from './project.ts';
import { namesOf } from './wording.ts';

/** As npm has it for new packages; a scope may stand before. https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE_NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const LONGEST_NAME = 214;

/**
 * Writes a project into a folder that is new, or empty.
 * @param folder - Its absolute path.
 * @returns How many files it has.
 * @throws {BadInput} When the folder can't be used, or no package can have that name.
 */
export async function writeProject(workspace: string, plan: Plan, folder: string, name: string): Promise<number> {
  refuseBadName(name);
  refuseBadFolder(workspace, folder);
  const wasThere = existsSync(folder);
  try {
    const files = await projectOf(workspace, plan, namesOf(name));
    for (const [path, content] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    format(workspace, folder);
    return files.size;
  } catch (error) {
    // Half a project would keep the next try out.
    for (const entry of existsSync(folder) ? readdirSync(folder) : []) rmSync(join(folder, entry), { recursive: true });
    if (!wasThere) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function refuseBadName(name: string): void {
  if (PACKAGE_NAME.test(name) && name.length <= LONGEST_NAME) return;
  throw new BadInput(
    `${name} is no name for a package: small letters, digits, ".", "_" and "-", such as \`--name my-app\` or \`--name @acme/my-app\``,
  );
}

function refuseBadFolder(workspace: string, folder: string): void {
  const inside = relative(workspace, folder);
  if (!inside.startsWith('..'))
    throw new BadInput(`${folder} is in this checkout: name a folder outside of it, such as ../my-app`);
  if (!existsSync(folder)) return;
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    throw new BadInput(`${folder} is no folder: name a new or an empty one, such as ../my-app`);
  }
  if (entries.length > 0) throw new BadInput(`${folder} is not empty: name a new folder, such as ../my-app`);
}

/** Imports in order, lines no longer than they may be: by the tool and the rules that the project itself is checked with. */
function format(workspace: string, folder: string): void {
  const biome = join(workspace, 'node_modules', '.bin', 'biome');
  const { status, stderr } = spawnSync(biome, ['check', '--write', '--error-on-warnings'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the project could not be formatted: ${stderr}`);
}
