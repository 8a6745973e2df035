import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** What the visitors of one run were told. */
export interface Books {
  reads: number;
  failedReads: number;
  writes: number;
  failedWrites: number;
  longestWriteMs: number;
  /** Posts that were acknowledged, by id. */
  posts: Map<string, string>;
}

const PAUSE_MS = 40;

/** Members who write, change, follow and read until they are told to stop: each at most 25 requests a second. */
export async function visit(url: string, members: number, until: AbortSignal): Promise<Books> {
  const books: Books = { reads: 0, failedReads: 0, writes: 0, failedWrites: 0, longestWriteMs: 0, posts: new Map() };
  await Promise.all(Array.from({ length: members }, (_, i) => live(url, i + 1, books, until)));
  return books;
}

async function live(url: string, member: number, books: Books, until: AbortSignal): Promise<void> {
  const login = await send(url, 'POST', '/login', { email: memberEmail(member), password: DEMO_PASSWORD });
  const cookie = login.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const { id } = (await login.json()) as { id: string };
  const own: string[] = [];
  for (let turn = 0; !until.aborted; turn += 1) {
    const title = `member ${member}, turn ${turn}`;
    if (turn % 3 === 0) await write(books, () => create(url, cookie, title, books, own));
    else if (turn % 3 === 1 && own.length > 0)
      await write(books, () => change(url, cookie, own.at(-1) as string, title, books));
    else await read(url, id, own.at(-1), books);
    await sleep(PAUSE_MS);
  }
}

async function create(url: string, cookie: string, title: string, books: Books, own: string[]): Promise<boolean> {
  const answer = await send(url, 'POST', '/posts', { title, body: 'Written while buckets move.' }, cookie);
  if (answer.status !== 201) return false;
  const { id } = (await answer.json()) as { id: string };
  books.posts.set(id, title);
  own.push(id);
  return true;
}

async function change(url: string, cookie: string, id: string, title: string, books: Books): Promise<boolean> {
  const answer = await send(url, 'PUT', `/posts/${id}`, { title }, cookie);
  if (answer.status !== 200) return false;
  books.posts.set(id, title);
  return true;
}

/** An author's page, one post, and the feed. */
async function read(url: string, author: string, post: string | undefined, books: Books): Promise<void> {
  for (const path of [`/users/${author}/posts?limit=5`, ...(post ? [`/posts/${post}`] : []), '/posts?limit=20']) {
    const answer = await send(url, 'GET', path);
    const whole = answer.status === 200 && !(await answer.text()).includes('"partial"');
    books.reads += 1;
    if (!whole) books.failedReads += 1;
  }
}

async function write(books: Books, work: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  books.writes += 1;
  if (!(await work())) books.failedWrites += 1;
  books.longestWriteMs = Math.max(books.longestWriteMs, performance.now() - startedAt);
}

function send(url: string, method: string, path: string, body?: object, cookie = ''): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}
