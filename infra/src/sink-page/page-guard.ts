import type { IncomingMessage } from 'node:http';

/** No script, nothing from elsewhere, in nobody's frame, in no cache. */
export const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin', // `no-referrer` would make the page's own form send `Origin: null`
  'Cache-Control': 'no-store',
};

const OWN_HOSTS = ['127.0.0.1', 'localhost'];

/**
 * Whether a request names another host: a foreign page whose name was made to lead to this machine (DNS rebinding).
 * @param name - One more that is its own.
 */
export function isForeignHost({ headers }: IncomingMessage, name?: string): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return !OWN_HOSTS.includes(host) && host !== name;
}

/**
 * Whether a browser sends a write for another site (CSRF). Browsers tell in `Sec-Fetch-Site`, older ones in `Origin`;
 * what sends neither is no browser. Another port of this machine is another's page: `same-site` is refused, too.
 */
export function isForeignWrite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}`;
}
