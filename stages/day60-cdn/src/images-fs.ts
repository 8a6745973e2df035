import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Images, Logger, Resource } from '@day90/core';
import { storeFailure } from './store-failure.ts';

/** Holds pictures until they are whole; a name in it is no picture's. */
const PARTS = '.parts';
/** No write takes that long: a part of that age belongs to a process that was killed. */
const ABANDONED_MS = 60_000;

/**
 * Pictures in a folder, which all boxes of one machine may share: for where no S3 server can be had.
 * @param folder - Made when it is not there.
 */
export function fsImages(folder: string, logger: Logger): Images & Resource {
  const parts = join(folder, PARTS);
  const swept = sweep(parts).catch((error: unknown) =>
    logger.error({ err: error }, 'could not sweep parts of pictures'),
  );
  return {
    async put(name, bytes) {
      await swept;
      const part = join(parts, randomUUID());
      try {
        await writeWhole(part, bytes);
        await link(part, join(folder, name)); // unlike a rename, never in the place of another
      } catch (error) {
        throw storeFailure(error, logger);
      } finally {
        await rm(part, { force: true });
      }
    },
    get: (name) =>
      readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw storeFailure(error, logger);
      }),
    remove: (name) =>
      rm(join(folder, name), { force: true }).catch((error: unknown) => {
        throw storeFailure(error, logger);
      }),
    async close() {
      await swept;
    },
  };
}

/** On the disk before it has a name: a power cut must not leave an empty file that a row points to. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Deletes what killed processes have left behind. */
async function sweep(parts: string): Promise<void> {
  await mkdir(parts, { recursive: true });
  for (const name of await readdir(parts)) {
    const path = join(parts, name);
    const found = await stat(path).catch(() => undefined); // another box sweeps, too
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}
