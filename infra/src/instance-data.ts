import {
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { BadInput } from './bad-input.ts';
import { dataSecrets } from './data-secrets.ts';
import { preparePostgresFolder } from './postgres-folder.ts';
import type { RunFolder } from './run-folder.ts';
import { ensureTemplate, type TemplateOptions } from './templates.ts';
import { type Data, type Scale, scales, type Topology } from './topology.ts';
import { handOver, reachableFolder } from './unprivileged.ts';
import { workspaceRoot } from './workspace.ts';

const DEFAULT_SCALE: Scale = 'medium';
const stampSchema = z.object({ engine: z.string(), version: z.int(), scale: z.enum(scales) });
type Stamp = z.infer<typeof stampSchema>;

/**
 * The scale a run has: what was asked for, else that of the data already there, else medium.
 * @throws {BadInput} When data of another scale, engine or version is there: what was written to it is never thrown away
 *   by a start, only by `pnpm reset`.
 */
export function settleScale(topology: Topology, instance: string, run: RunFolder, asked?: Scale): Scale {
  const stamp = topology.data ? readStamp(run) : undefined;
  if (!topology.data || !stamp) return asked ?? DEFAULT_SCALE;
  const { engine, version } = topology.data;
  const reset = resetOf(instance);
  if (stamp.engine !== engine || stamp.version !== version) {
    throw new BadInput(
      `${instance} holds ${stamp.engine} data of version ${stamp.version}, this checkout wants ${engine} version ${version}: ${reset}`,
      { code: 'D90-DATA-DIFFERS' },
    );
  }
  if (asked && asked !== stamp.scale) {
    throw new BadInput(
      `${instance} holds data of scale ${stamp.scale}, not ${asked}: ${reset}; or start with --scale ${stamp.scale}`,
      { code: 'D90-DATA-DIFFERS' },
    );
  }
  return stamp.scale;
}

/** The run's folder, with data and rendered files where boxes that run as the unprivileged user can reach them. */
export function reachableRun(topology: Topology, workspace: string, run: RunFolder): RunFolder {
  if (!topology.data?.unprivileged && !Object.values(topology.boxes).some((box) => box.unprivileged)) return run;
  const root = reachableFolder(workspace, basename(run.root));
  return { ...run, data: join(root, 'data'), conf: join(root, 'conf') };
}

/**
 * Fills the run's data folder with a copy of the template, unless it has one. Blocks are shared with it where the file
 * system can.
 * @throws {BadInput} When the data that is there can't be used by this checkout.
 */
export async function copyData(topology: Topology, run: RunFolder, options: TemplateOptions): Promise<void> {
  const { data } = topology;
  if (!data) {
    mkdirSync(run.data, { recursive: true });
    return;
  }
  if (readStamp(run)) return checkData(data, run, options);
  const template = await ensureTemplate(data, options);
  const partial = `${run.data}.partial`;
  for (const path of [partial, run.data]) rmSync(path, { recursive: true, force: true });
  await cp(template, partial, { recursive: true, mode: constants.COPYFILE_FICLONE });
  if (data.unprivileged) handOver(partial);
  renameSync(partial, run.data);
  const { engine, version } = data;
  // Last: data without a stamp was never served, and is copied anew.
  writeFileSync(run.dataStamp, `${JSON.stringify({ engine, version, scale: options.scale } satisfies Stamp)}\n`);
}

async function checkData(data: Data, run: RunFolder, options: TemplateOptions): Promise<void> {
  const instance = basename(run.root);
  for (const folder of readdirSync(run.data)) preparePostgresFolder(join(run.data, folder), instance);
  const known = await dataSecrets(data, workspaceRoot(options.folder));
  if (known.fit(run.data)) return;
  throw new BadInput(
    `${instance} holds data made with other secrets than .run/secrets.json has now: ${resetOf(instance)}; or put the file back`,
    { code: 'D90-DATA-DIFFERS' },
  );
}

function resetOf(instance: string): string {
  return `\`npx -y pnpm reset ${instance}\` deletes it, with what was written since`;
}

function readStamp(run: RunFolder): Stamp | undefined {
  try {
    const stamp = stampSchema.parse(JSON.parse(readFileSync(run.dataStamp, 'utf8')));
    return existsSync(run.data) ? stamp : undefined;
  } catch {
    return undefined;
  }
}
