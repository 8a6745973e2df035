import { fileURLToPath } from 'node:url';
import type { Images, Logger, Resource } from '@day90/core';
import { fsImages } from './images-fs.ts';
import { s3Images } from './images-s3.ts';

/** The store that a URL names: a folder by `file:`, a bucket by `http:` or `https:`. */
export function openImages(url: string, logger: Logger): Images & Resource {
  return url.startsWith('file:') ? fsImages(fileURLToPath(url), logger) : s3Images(url, logger);
}
