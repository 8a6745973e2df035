import type { ArmTarget } from './arms.ts';
import { asMember, type Members } from './members.ts';
import { seededPostIds, seededUserIds } from './seeded-ids.ts';
import { type Ask, visit } from './visit.ts';

export { byTurns } from './by-turns.ts';
export { knownMembers, logMembersIn } from './members.ts';
export { openLoad } from './open-load.ts';
export { summaryFor } from './summary.ts';

const author = seededUserIds(__ENV.SCALE);
const post = seededPostIds(__ENV.SCALE);

/** Opens the feed: the 100 newest posts, each with its author's name. */
export function feed(): void {
  visit('feed', '/posts?limit=100', (answer) => {
    // json() with a path is searched in Go. Parsing the page in JavaScript would cost more than the server spends on it.
    return answer.json('items.#') === 100 && typeof answer.json('items.99.author.name') === 'string';
  });
}

/** Asks for the newest post alone: about the least that a database can be asked for. */
export function newest(): void {
  visit('newest', '/posts?limit=1', (answer) => answer.json('items.#') === 1);
}

/** Opens the newest posts of one author; few authors are asked for most of the time, most of them hardly ever. */
export function authorPage(): void {
  const id = author();
  visit('author', `/users/${id}/posts`, (answer) => {
    const posts = answer.json('items.#');
    return posts === 0 || (Number(posts) > 0 && answer.json('items.0.author.id') === id);
  });
}

/** Opens the list of the posts with the most views, which is the same for everybody. */
export function popularPage(): void {
  visit('popular', '/posts/popular', (answer) => answer.json('items.#') === 20);
}

/** Opens one post; few posts are read most of the time, most of them hardly ever. */
export function postPage(ask?: (arm: ArmTarget) => Ask): void {
  const id = post();
  visit('post', `/posts/${id}`, (answer) => answer.json('id') === id, ask);
}

/** Reads what everybody may, as a public does: mostly single posts, then lists, and now and then the whole feed. */
export function publicRead(): void {
  const draw = Math.random();
  if (draw < 0.6) postPage();
  else if (draw < 0.8) popularPage();
  else if (draw < 0.95) authorPage();
  else feed();
}

/** What visitors without an account do: most open a post, some an author, a few the popular list or the feed. */
export function publicReads(): void {
  const turn = Math.random();
  if (turn < 0.8) postPage();
  else if (turn < 0.9) authorPage();
  else if (turn < 0.97) popularPage();
  else feed();
}

/** Asks who one is: a member's request, which needs the session. The script's `setup` is {@link logMembersIn}. */
export function me(members: Members): void {
  visit('me', '/me', (answer) => typeof answer.json('email') === 'string', asMember(members));
}

/** Writes a post as a member, under a key of its own: sent again by whoever stands between, it is still written once. */
export function createPost(members: Members): void {
  const key = `k6-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const body = JSON.stringify({ title: 'Written under load', body: 'What a member has to say. '.repeat(20) });
  const ask = asMember(members, { 'Idempotency-Key': key, 'Content-Type': 'application/json' });
  const isWritten = (answer: { json(path: string): unknown }) => typeof answer.json('id') === 'string';
  visit('create', '/posts', isWritten, (arm) => ({ ...ask(arm), method: 'POST', body, status: 201 }));
}

/**
 * What the public of a whole day does, nine reads to a write: of ten requests one is a new post, one asks who one is, one is a
 * member's look at what all may see, and the others are those of visitors without an account.
 */
export function wholeDay(members: Members): void {
  const turn = Math.random();
  if (turn < 0.1) createPost(members);
  else if (turn < 0.2) me(members);
  else if (turn < 0.3) postPage(asMember(members));
  else publicReads();
}

/** Becomes a member, invited by another one. The app must allow that many from one address (`SIGNUP_TURNS_PER_HOUR_AND_ADDRESS`). */
export function signup(): void {
  const email = `k6-${Date.now()}-${Math.random().toString(36).slice(2)}@day90.test`;
  const body = JSON.stringify({ name: 'New member', email, password: 'a password under load', invitedBy: author() });
  const headers = { 'Content-Type': 'application/json' };
  const isWelcome = (answer: { json(path: string): unknown }) => typeof answer.json('message') === 'string';
  visit('signup', '/signup', isWelcome, () => ({ method: 'POST', body, headers, status: 201 }));
}
