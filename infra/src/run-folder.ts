import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { folderElsewhere } from './unprivileged.ts';

/** The folder of `.run/` that holds the data templates. */
export const TEMPLATES = 'templates';
/** Folders of `.run/` that are no instance. */
const RESERVED = [TEMPLATES, 'results'];
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_NAME = 60;

/** Where everything of one run lies. */
export interface RunFolder {
  root: string;
  data: string;
  /** Says which template `data` is a copy of. */
  dataStamp: string;
  logs: string;
  /** Holds a folder of rendered files for each box that has some. */
  conf: string;
  ready: string;
  control: string;
  lock: string;
  /** Holds data and rendered files instead of `root` where an unprivileged user has to reach them and can't. */
  elsewhere: string;
}

/**
 * Paths of an instance's folder, `.run/<instance>/`; makes nothing.
 * @throws {BadInput} When the name can't be a folder of ours.
 */
export function runFolder(workspace: string, instance: string): RunFolder {
  if (!NAME.test(instance) || instance.length > LONGEST_NAME || RESERVED.includes(instance)) {
    throw new BadInput(
      `${JSON.stringify(instance)} can't name an instance: a-z, 0-9 and single hyphens, ${LONGEST_NAME} at most, not ${RESERVED.join(' or ')}`,
    );
  }
  const root = join(workspace, '.run', instance);
  return {
    root,
    data: join(root, 'data'),
    dataStamp: join(root, 'data.json'),
    logs: join(root, 'logs'),
    conf: join(root, 'conf'),
    ready: join(root, 'ready.json'),
    control: join(root, 'control.sock'),
    lock: join(root, 'launcher.lock'),
    elsewhere: folderElsewhere(workspace, instance),
  };
}

/** Where the data templates lie, unless an unprivileged user has to reach them and can't. */
export function templatesFolder(workspace: string): string {
  return join(workspace, '.run', TEMPLATES);
}

/** Names of all instances that have a folder, up or not. */
export function instanceNames(workspace: string): string[] {
  const folder = join(workspace, '.run');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !RESERVED.includes(name) && existsSync(join(folder, name, 'logs')))
    .sort();
}
