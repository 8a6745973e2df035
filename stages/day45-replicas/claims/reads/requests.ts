import type { DuetRequest } from '@day90/bench';

/** One request of so many writes: the guide's 90/10. */
export const WRITES_IN = 10;
/** The newest posts, which no stage caches: each asks a database. */
export const READ = '/posts?limit=20';
const COUNT = 2_000;

/** A post by the member whose cookies these are. */
export function newPost(n: number, cookie: string) {
  const body = { title: `Written under load, ${n}`, body: 'What a member has to say. '.repeat(20) };
  return { method: 'POST', path: '/posts', headers: { Cookie: cookie }, body } satisfies DuetRequest;
}

/** Nine reads, then a new post by the next member, and so on. */
export function readsAndWrites(cookies: readonly string[]): DuetRequest[] {
  return Array.from({ length: COUNT }, (_, n) =>
    n % WRITES_IN === WRITES_IN - 1
      ? newPost(n, cookies[Math.floor(n / WRITES_IN) % cookies.length] as string)
      : { path: READ, headers: {} },
  );
}
