/*
 * Visitors who read: the newest posts, the popular ones, and one post after the other. Requests come at a fixed rate, whether
 * or not the app keeps up, as visitors do; what it could not even be sent is counted as dropped.
 *
 *   k6 run -e RATE=100 load/reads.ts
 */
import { check } from 'k6';
import http from 'k6/http';
import type { Options } from 'k6/options';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:3000';
const RATE = Number(__ENV.RATE || 50);
const SECONDS = Number(__ENV.SECONDS || 30);
/** Written before the load, as long as there are none. */
const POSTS = 20;

export const options: Options = {
  scenarios: {
    visitors: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      preAllocatedVUs: RATE,
      maxVUs: 4 * RATE,
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.001'],
    http_req_duration: ['p(99)<500'],
    dropped_iterations: ['count<1'],
  },
};

/** Makes sure that there is something to read. @returns The ids of posts. */
export function setup(): string[] {
  const found = idsIn(http.get(`${BASE_URL}/posts`));
  return found.length > 0 ? found : writePosts();
}

export default function read(ids: string[]): void {
  const id = ids[Math.floor(Math.random() * ids.length)];
  const paths = ['/posts', '/posts/popular', `/posts/${id}`, `/posts/${id}`, `/posts/${id}`];
  const path = paths[Math.floor(Math.random() * paths.length)];
  const answer = http.get(`${BASE_URL}${path}`, { tags: { name: path === `/posts/${id}` ? '/posts/:id' : `${path}` } });
  check(answer, { 'is answered': ({ status }) => status === 200 });
}

function writePosts(): string[] {
  const headers = { 'Content-Type': 'application/json' };
  const email = `load-${Date.now()}@example.com`;
  const password = `long and new ${Date.now()}`;
  const send = (path: string, body: object) => http.post(`${BASE_URL}${path}`, JSON.stringify(body), { headers });
  send('/signup', { name: 'Load', email, password });
  send('/login', { email, password });
  return Array.from({ length: POSTS }, (_, i) => {
    const answer = send('/posts', { title: `Post ${i + 1}`, body: 'Something to read. '.repeat(40) });
    return (answer.json() as { id: string }).id;
  });
}

function idsIn(answer: { json(): unknown }): string[] {
  return (answer.json() as { items: { id: string }[] }).items.map(({ id }) => id);
}
