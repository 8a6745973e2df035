import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import type { z } from 'zod';
import { DomainError, NotFoundError } from '../errors.ts';
import type { Json } from '../json.ts';
import { idSchema } from '../schemas.ts';

/** One URL for one thing: a cache in front would keep `/POSTS` and `/posts/` as pages of their own, which no purge ever names. */
export const ONE_SPELLING = { caseSensitive: true, strict: true };

/** Parses JSON bodies. It stands in front of those routes alone that take one. */
export const jsonBody: RequestHandler[] = [
  (req, _res, next) => {
    // Without this a form sent by another site would arrive as an empty body instead of being refused.
    if (!req.is('application/json')) throw new DomainError('unsupported_type', 'Send the body as application/json.');
    next();
  },
  express.json({ limit: '100kb', strict: true }),
];

/** The id in a path. @throws {NotFoundError} When it is none: it names nothing there could ever be. */
export function pathId(req: Request, thing: string): string {
  const id = req.params.id as string;
  if (!idSchema.safeParse(id).success) throw new NotFoundError(thing, id.slice(0, 40));
  return id;
}

/** The body of a request as a schema has it. @throws {ZodError} When it does not fit. */
export function bodyOf<S extends z.ZodType>(req: Request, schema: S): z.infer<S> {
  return schema.parse(req.body);
}

/** Sends JSON as it is held, with an `ETag` when it has a version, and 304 when the client has that version already. */
export function sendJson(req: Request, res: Response, json: Json<unknown>, name = ''): void {
  if (json.version !== undefined) {
    const etag = `"${name}-${json.version}"`;
    res.setHeader('ETag', etag);
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (isRead && matches(req.headers['if-none-match'], etag)) {
      res.status(304).end();
      return;
    }
  }
  sendText(res, json.text);
}

/** Sends a JSON text. Express' own `res.send` would look at type, charset, length, freshness and `ETag` once more. */
export function sendText(res: Response, text: string): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

/**
 * The versions that an `If-Match` allows: `undefined` without that header or for `*`, none when it names something else.
 */
export function ifMatchVersions(req: Request, name: string): string[] | undefined {
  const header = req.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  return header.split(',').flatMap((tag) => {
    const [, id, version] = /^\s*"(\d+)-(\d{1,15})"\s*$/.exec(tag) ?? [];
    return id === name && version !== undefined ? [version] : [];
  });
}

/** Weak comparison, as RFC 9110, 13.1.2 has it for If-None-Match. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
