import type { Instance, Scale } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { logIn as logInAs } from '@day90/testing/members';
import { type Asked, closedLoop } from '../../closed-loop.ts';
import { seededRandom } from '../../statistics.ts';

/** Each login costs 30 ms of CPU, so this takes about a second on two cores. */
const MEMBERS = 64;
const AT_ONCE = 8;
/** Fewer than any stage lets in at once while it compiles, strangers among them. */
const CONNECTIONS = 4;
const REQUESTS = 2_500;
const WRITES = 200;

/**
 * Logs seeded members in, from member 1 on.
 * @returns Of each, all the cookies it got.
 * @throws {Error} When one is refused.
 */
export async function logIn(url: string, signal: AbortSignal): Promise<string[]> {
  const cookies: string[] = [];
  for (let from = 1; from <= MEMBERS; from += AT_ONCE) {
    cookies.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => logInAs(url, from + i, signal)))));
  }
  return cookies;
}

interface Warmth {
  cookies: readonly string[];
  scale: Scale;
  signal: AbortSignal;
}

/**
 * Asks a stage for what the sweep will ask for, without budgets: each app box by itself, since edges and caches would keep most
 * of it from them, and each would go on compiling within its budget; then through the door, which fills those.
 */
export async function warmUp(instance: Instance, { cookies, scale, signal }: Warmth): Promise<void> {
  const random = seededRandom(1);
  const nextPath = reads(scale, cookies, random);
  for (const box of instance.boxesOf('app')) {
    const url = `http://127.0.0.1:${instance.box(box).port}`;
    await closedLoop({ url, connections: CONNECTIONS, requests: REQUESTS, nextPath, signal });
    await write(url, cookies, signal);
  }
  await closedLoop({ url: instance.url, connections: CONNECTIONS, requests: REQUESTS, nextPath, signal });
}

function reads(scale: Scale, cookies: readonly string[], random: () => number): () => Asked {
  const { posts, users } = SCALES[scale];
  const [post, user] = [zipfRanks(posts, random), zipfRanks(users, random)];
  return () => {
    const turn = random();
    if (turn < 0.1)
      return { path: '/me', headers: { Cookie: cookies[Math.floor(random() * cookies.length)] as string } };
    if (turn < 0.8) return `/posts/${idOfRank(post(), posts)}`;
    if (turn < 0.9) return `/users/${idOfRank(user(), users)}/posts`;
    return turn < 0.97 ? '/posts/popular' : '/posts?limit=100';
  };
}

async function write(url: string, cookies: readonly string[], signal: AbortSignal): Promise<void> {
  for (let i = 0; i < WRITES; i += 1) {
    const headers = { 'Content-Type': 'application/json', Cookie: cookies[i % cookies.length] as string };
    const body = JSON.stringify({ title: 'Written to warm up', body: 'What a member has to say. '.repeat(20) });
    const answer = await fetch(`${url}/posts`, { method: 'POST', headers, body, signal });
    await answer.arrayBuffer();
    if (answer.status !== 201) throw new Error(`POST ${url}/posts answered ${answer.status}`);
  }
}
