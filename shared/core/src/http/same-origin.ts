import type { RequestHandler } from 'express';
import { DomainError } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that a browser sends on behalf of another site (CSRF). Browsers say where a request comes from in
 * `Sec-Fetch-Site`; older ones in `Origin`. What sends neither is no browser, and has no cookie jar to be abused.
 * @param publicUrl - Where visitors reach the app, accepted as `Origin` beside the request's own host.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  const publicOrigin = new URL(publicUrl).origin;
  return (req, _res, next) => {
    if (SAFE_METHODS.has(req.method)) return next();
    const site = req.headers['sec-fetch-site'];
    const { origin } = req.headers;
    const own =
      site !== undefined
        ? site === 'same-origin' || site === 'none'
        : origin === undefined || origin === publicOrigin || hostOf(origin) === req.headers.host;
    if (!own) throw new DomainError('forbidden', 'Writes from other sites are refused.');
    next();
  };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
