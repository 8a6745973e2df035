import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { inheritedEnv } from './child-env.ts';
import { type DataSecrets, dataSecrets } from './data-secrets.ts';
import { Guardian } from './guardian-link.ts';
import { takeLock } from './lock.ts';
import { commandAndArgs } from './programs.ts';
import { type Progress, seconds, stderrProgress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { TEMPLATES, templatesFolder } from './run-folder.ts';
import { fullDisk } from './system-errors.ts';
import type { Data, Scale } from './topology.ts';
import { folderElsewhere, handOver, reachableFolder } from './unprivileged.ts';
import { workspaceRoot } from './workspace.ts';

const LOCK_POLL_MS = 200;

export interface TemplateOptions {
  /** The stage's folder: the load command runs in it. */
  folder: string;
  scale: Scale;
  /** Standard error unless told. */
  onProgress?: Progress | undefined;
  /** Ends the loading when aborted; what was loaded so far is deleted. */
  signal?: AbortSignal | undefined;
}

/**
 * The folder of the seeded data, `.run/templates/<engine>-<scale>-<version>/`. Made once: under a lock, in a folder of
 * another name that gets this one when it is whole. Made anew when the checkout has other secrets than it was made with.
 * Never write into it; copy it.
 * @throws {BadInput} When the load command fails, with its last lines.
 */
export async function ensureTemplate(data: Data, options: TemplateOptions): Promise<string> {
  const workspace = workspaceRoot(options.folder);
  const templates = data.unprivileged ? reachableFolder(workspace, TEMPLATES) : templatesFolder(workspace);
  const name = `${data.engine}-${options.scale}-${data.version}`;
  const template = join(templates, name);
  const known = await dataSecrets(data, workspace);
  const isThere = () => existsSync(template) && known.fit(template);
  if (isThere()) return template;
  mkdirSync(templates, { recursive: true });
  const progress = options.onProgress ?? stderrProgress();
  const lock = await lockTemplate(join(templates, `${name}.lock`), name, progress, options.signal);
  try {
    if (!isThere()) await load(data, known, template, { ...options, onProgress: progress });
    return template;
  } finally {
    lock.release();
  }
}

async function lockTemplate(path: string, name: string, progress: Progress, signal?: AbortSignal) {
  for (let told = false; ; told = true) {
    const lock = takeLock(path);
    if ('release' in lock) return lock;
    if (!told) progress(`waiting for pid ${lock.holder.pid}, which loads the same data (${name})`);
    await sleep(LOCK_POLL_MS, undefined, signal ? { signal } : {});
  }
}

/** Runs while the lock is held: a half-made folder that is there already is of a loader that died. */
async function load(
  data: Data,
  known: DataSecrets,
  template: string,
  options: TemplateOptions & { onProgress: Progress },
): Promise<void> {
  const partial = `${template}.partial`;
  for (const path of [partial, template]) rmSync(path, { recursive: true, force: true });
  mkdirSync(partial);
  if (data.unprivileged) handOver(partial);
  const guardian = new Guardian();
  guardian.leftover(partial);
  const started = performance.now();
  let full: string | undefined;
  options.onProgress(`loading data of scale ${options.scale} once, kept in ${template}`);
  try {
    const { code, lastLines } = await runCommand({
      argv: commandAndArgs(data.load),
      cwd: options.folder,
      env: { ...inheritedEnv(), ...known.env, DATA_DIR: partial, SCALE: options.scale },
      guardian,
      onLine: (line) => {
        full ??= fullDisk(dirname(template), line);
        if (!full) options.onProgress(line, true); // what follows is how the program came upon it
      },
      signal: options.signal,
    });
    if (code !== 0) {
      if (full) throw new BadInput(full, { code: 'D90-DISK-FULL' });
      throw new BadInput(`loading data (${data.load.join(' ')}) failed with code ${code}: ${lastLines.join(' | ')}`, {
        code: 'D90-DATA-NOT-LOADED',
      });
    }
    known.note(partial);
    renameSync(partial, template);
    options.onProgress(`data of scale ${options.scale} loaded in ${seconds(performance.now() - started)}`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
    guardian.bye();
  }
}

/** The templates there are. */
export function templateFolders(workspace: string): string[] {
  return [templatesFolder(workspace), folderElsewhere(workspace, TEMPLATES)].flatMap((folder) =>
    foldersIn(folder).map((name) => join(folder, name)),
  );
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
