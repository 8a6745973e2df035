/** A route whose answer is the same for everybody, and how long it may be kept, in seconds. */
export interface PublicRoute {
  /** Matches the whole path, from `^` to `$`: PCRE and JavaScript read it alike. */
  path: RegExp;
  /** Fresh. */
  seconds: number;
  /** Shown for so much longer while it is being fetched anew. */
  revalidateSeconds: number;
  /** What a browser itself may keep, which no purge reaches. */
  browserSeconds?: number;
  /** Whether it knows `limit` and `before`. A route knows these or nothing. */
  paged?: true;
}

const HOUR = 3600;
/** In seconds: what is under a name of its own stays as it is. */
export const YEAR = 365 * 24 * HOUR;

/**
 * All that shared caches may keep. What is not in here is answered `no-store`, whatever its path looks like, and the edges do not
 * look for it. A life is how long a change may go unseen, should its purge be lost: Redis' own comes on top of it.
 */
export const PUBLIC_ROUTES: PublicRoute[] = [
  { path: /^\/posts$/, paged: true, seconds: 10, revalidateSeconds: 10 },
  { path: /^\/posts\/popular$/, seconds: 60, revalidateSeconds: 60 },
  { path: /^\/posts\/[1-9][0-9]*$/, seconds: 60, revalidateSeconds: 30 },
  { path: /^\/users\/[1-9][0-9]*$/, seconds: 300, revalidateSeconds: 60 },
  { path: /^\/users\/[1-9][0-9]*\/posts$/, paged: true, seconds: 60, revalidateSeconds: 30 },
  { path: /^\/openapi\.json$/, seconds: 300, revalidateSeconds: 60 },
  // Under a name that changes with what is in it.
  { path: /^\/static\/[a-z0-9/-]+\.[0-9a-f]{12}\.[a-z]+$/, seconds: YEAR, revalidateSeconds: 0, browserSeconds: YEAR },
  { path: /^\/images\/[0-9a-f-]{36}(-[0-9]{3})?\.webp$/, seconds: YEAR, revalidateSeconds: 0, browserSeconds: YEAR },
  { path: /^\/static\/[a-z0-9/.-]+$/, seconds: HOUR, revalidateSeconds: HOUR, browserSeconds: HOUR },
];

/** A pattern of all these routes' targets, with their queries, as Varnish reads it. */
export function targetPattern(routes: PublicRoute[]): string {
  return `^(${routes.map(({ path }) => path.source.slice(1, -1)).join('|')})(\\?|$)`;
}
