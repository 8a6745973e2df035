import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/**
 * Headers that keep a browser from doing more with an answer than it was meant for (ASVS 5.0, 3.4).
 * @param publicUrl - Where visitors reach the app. HSTS is for TLS: on plain HTTP it would be ignored, on localhost a nuisance.
 * @param more - Directives of the content security policy that a page of its own needs, by name.
 */
export function securityHeaders(publicUrl: string, more: Record<string, string[]> = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...more,
      },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
  });
}
