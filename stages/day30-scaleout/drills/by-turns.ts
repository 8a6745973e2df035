import type { Check, Rig } from '@day90/bench/drill';
import { ROUND_ROBIN } from './round-robin-beside.ts';

/** Requests a second. */
const RATE = 60;
/** The first ones are POSTs with a key: the frozen app has its share of them for longer than nginx waits. */
const POSTS = 30;
const titleOf = (n: number) => `drill 9 by turns ${n}`;

/** What became of one request. */
export interface Turn {
  ms: number;
  /** 201 was the answer to a POST, 200 to a GET. */
  asAsked: boolean;
  isPost: boolean;
}

/** Sends requests through the other nginx for some time. @returns What each will have come to. */
export async function askByTurns(rig: Rig, ms: number): Promise<Promise<Turn>[]> {
  const asked: Promise<Turn>[] = [];
  for (const from = rig.now(); rig.now() < from + ms; ) {
    asked.push(ask(rig, asked.length));
    await rig.sleep(Math.max(0, from + (asked.length * 1000) / RATE - rig.now()));
  }
  return asked;
}

/** Each post that was answered is there once, and was answered though its first app was silent. */
export async function postsByTurns(rig: Rig): Promise<Check> {
  const { body } = await rig.get(`/users/${rig.members[0]?.id}/posts?limit=100`);
  const { items } = JSON.parse(body) as { items: { title: string }[] };
  const rows = Array.from({ length: POSTS }, (_, n) => items.filter(({ title }) => title === titleOf(n)).length);
  const answered = rig.facts['posts answered by turns'] ?? 0;
  const [once, more] = [rows.filter((count) => count === 1).length, rows.filter((count) => count > 1).length];
  return {
    id: 'once-by-turns',
    criterion: 'POST with a key by turns, of which the frozen app has a third: 0 failed, one row each',
    value: `${POSTS - answered} of ${POSTS} failed, ${once} once, ${more} more than once`,
    passed: answered === POSTS && once === POSTS,
  };
}

async function ask(rig: Rig, n: number): Promise<Turn> {
  const url = `http://127.0.0.1:${rig.instance.box(ROUND_ROBIN).port}`;
  const isPost = n < POSTS;
  const at = rig.now();
  const answer = isPost ? await fetch(`${url}/posts`, keyedPost(rig, n)) : await fetch(`${url}/posts/1`);
  await answer.text();
  return { ms: rig.now() - at, asAsked: answer.status === (isPost ? 201 : 200), isPost };
}

function keyedPost(rig: Rig, n: number): RequestInit {
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': `by-turns-${n}`,
    Cookie: rig.members[0]?.cookie ?? '',
  };
  return { method: 'POST', headers, body: JSON.stringify({ title: titleOf(n), body: 'Sent twice by nginx.' }) };
}
