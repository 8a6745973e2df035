import { fileURLToPath } from 'node:url';
import type { Images, Logger, PictureParts, Resource } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import { fsImages } from './images-fs.ts';
import { s3Images } from './images-s3.ts';
import { sweepPending } from './pending-sweep.ts';
import { sharpRedraw } from './redraw.ts';
import { sqlUploads } from './sql-uploads.ts';

/**
 * All that pictures need: a store, the notes of them, and what draws them.
 * @param url - Of the store, see {@link openImages}.
 * @param db - The database of all writes.
 */
export function openPictures(url: string, db: SqlDatabase, logger: Logger): PictureParts & Resource {
  const images = openImages(url, logger);
  const sweep = sweepPending(db, images, logger);
  return {
    ...{ images, uploads: sqlUploads(db), redraw: sharpRedraw() },
    async close() {
      await sweep.close();
      await images.close();
    },
  };
}

/** The store that a URL names: a folder by `file:`, a bucket by `http:` or `https:`. */
export function openImages(url: string, logger: Logger): Images & Resource {
  return url.startsWith('file:') ? fsImages(fileURLToPath(url), logger) : s3Images(url, logger);
}
