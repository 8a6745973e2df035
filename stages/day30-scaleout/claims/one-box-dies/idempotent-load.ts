import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasureContext, seededRandom } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';
import { cachedPaths } from '../cached-stage.ts';
import { type Ask, ask, openArrivals } from '../visitor.ts';

/** Requests a second. A fifth of them write, which takes a box some ten times as long as a read from the cache. */
const RATE = 200;
const WRITES = 0.2;
const WRITERS = 8;
const SECONDS = 15;
/** When boxes are killed, in milliseconds; each is back before the next one is. */
const KILLS = [2_000, 6_500, 11_000];

/** Requests that were sent, and those that were not answered as asked. */
export interface Books {
  reads: { sent: number; failed: number };
  writes: { sent: number; failed: number };
}

/** Loads an instance openly with what may be sent twice, and kills each of its boxes meanwhile, who start again. */
export async function readAndWriteWhileBoxesDie(instance: Instance, context: MeasureContext): Promise<Books> {
  const { signal, seed } = context;
  const agent = new Agent({ keepAlive: true });
  try {
    const cookies = await logIn(instance.url, agent);
    const random = seededRandom(seed);
    const paths = [...cachedPaths(context, 5_000), '/posts/popular', '/posts?limit=20'];
    const books: Books = { reads: { sent: 0, failed: 0 }, writes: { sent: 0, failed: 0 } };
    const one = async () => {
      const writes = random() < WRITES;
      const book = writes ? books.writes : books.reads;
      book.sent += 1;
      const cookie = cookies[book.sent % WRITERS] as string;
      const path = paths[Math.floor(random() * paths.length)] as string;
      const { status } = await ask(instance.url, writes ? newPost(book.sent, cookie) : { path }, agent);
      if (status !== (writes ? 201 : 200)) book.failed += 1;
    };
    const killed = killEach(instance, signal);
    killed.catch(() => undefined); // heard below
    await openArrivals({ rate: RATE, seconds: SECONDS, signal }, one);
    await killed;
    return books;
  } finally {
    agent.destroy();
  }
}

function newPost(n: number, cookie: string): Ask {
  const body = { title: `Written while a box died, ${n}`, body: 'What a member has to say. '.repeat(20) };
  return { method: 'POST', path: '/posts', headers: { Cookie: cookie, 'Idempotency-Key': `one-box-dies-${n}` }, body };
}

async function killEach(instance: Instance, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  for (const [i, at] of KILLS.entries()) {
    await sleep(startedAt + at - performance.now(), undefined, { signal });
    await instance.kill(instance.boxesOf('app')[i] as string);
  }
}

async function logIn(url: string, agent: Agent): Promise<string[]> {
  const cookies: string[] = [];
  for (let n = 1; n <= WRITERS; n += 1) {
    const body = { email: memberEmail(n), password: DEMO_PASSWORD };
    const { status, headers } = await ask(url, { method: 'POST', path: '/login', body }, agent);
    const cookie = headers['set-cookie']?.[0]?.split(';', 1)[0];
    if (status !== 200 || !cookie) throw new Error(`POST /login answered ${status}`);
    cookies.push(cookie);
  }
  return cookies;
}
