import { asReader, beforeHead, currentContext, type Reader, type RequestHandler } from '@day90/core';
import { PUBLIC_ROUTES, type PublicRoute, YEAR } from './public-routes.ts';

type Request = Parameters<RequestHandler>[0];

/** How long an edge may show what it has while the origin fails, in seconds: a day. Nothing else may be that old. */
const IF_ERROR_SECONDS = 86_400;
/** The whole, a part of it, and "as you have it". */
const KEPT = new Set([200, 206, 304]);

/**
 * Says of each answer whether caches in front may keep it: by {@link PUBLIC_ROUTES}, and else never. It names what the answer is
 * made of in `xkey`, and to a write what that has changed in `X-Purge-Tags`. Outermost, so that it sees what all others have set.
 * @param cache - Whatever an edge may keep is read from a database that has seen the last write that was dropped there: a copy
 *   that is behind would give the edge what was just purged, for its whole life.
 */
export function cacheHeaders(
  cache: { floor(): Promise<string> },
  { EDGE_MOST_SECONDS: most }: { EDGE_MOST_SECONDS: number },
): RequestHandler {
  const reader: Reader = { floor: () => cache.floor(), saw: async () => {} };
  return (req, res, next) => {
    const route = routeOf(req);
    beforeHead(res, (status) => {
      const isPublic = route && KEPT.has(status) && !res.hasHeader('Set-Cookie');
      res.setHeader('Cache-Control', isPublic ? publicly(route, most) : 'no-store');
      const tags = [...(currentContext()?.tags ?? [])].join(' ');
      if (tags === '') return;
      if (isPublic) res.setHeader('xkey', tags);
      else if (!isRead(req)) res.setHeader('X-Purge-Tags', tags);
    });
    if (route) asReader(reader, next);
    else next();
  };
}

/** What comes with a cookie may be made for whoever sends it: an edge takes cookies out before it asks for what is public. */
function routeOf(req: Request): PublicRoute | undefined {
  if (!isRead(req) || req.headers.cookie !== undefined || req.headers.authorization !== undefined) return undefined;
  const [path = ''] = req.originalUrl.split('?', 1);
  return PUBLIC_ROUTES.find((route) => route.path.test(path));
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function publicly({ seconds, revalidateSeconds, browserSeconds = 0 }: PublicRoute, most: number): string {
  const [fresh, revalidate] = [Math.min(seconds, most), Math.min(revalidateSeconds, most)];
  const forEdges = `s-maxage=${fresh}, stale-while-revalidate=${revalidate}, stale-if-error=${IF_ERROR_SECONDS}`;
  const forEver = browserSeconds >= YEAR ? ', immutable' : '';
  return `public, max-age=${browserSeconds}, ${forEdges}${forEver}`;
}
