import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, STATIC_FOLDER } from '@day90/core';

const DIGITS = 12;
const NAMED = /^(\/static\/.+)\.[0-9a-f]{12}(\.[a-z]+)$/;

/** What static files are called for browsers that may keep them for ever: by what is in them. */
export interface StaticFiles {
  /** @returns `/static/avatars/1.5d0c….svg` for `/static/avatars/1.svg`, and anything else as it is. */
  nameOf(path: string): string;
  /** Serves files under those names, and sends whoever asks for an old one to the new one. */
  serve: RequestHandler;
}

/** The files as they are now: a box that serves others is a box with other code. */
export function staticFiles(): StaticFiles {
  const names = new Map(globSync('**/*.*', { cwd: STATIC_FOLDER }).map((file) => [`/static/${file}`, named(file)]));
  const nameOf = (path: string) => names.get(path) ?? path;
  return {
    nameOf,
    serve(req, res, next) {
      const [, start, end] = NAMED.exec(req.path) ?? [];
      const file = `${start}${end}`;
      const name = names.get(file);
      if (name === undefined) return next();
      // A page from before a deploy, in somebody's cache.
      if (name !== req.path) return res.redirect(302, name);
      req.url = file;
      next();
    },
  };
}

function named(file: string): string {
  const digest = createHash('sha256').update(readFileSync(join(STATIC_FOLDER, file)));
  return `/static/${file}`.replace(/(?=\.[a-z]+$)/, `.${digest.digest('hex').slice(0, DIGITS)}`);
}
