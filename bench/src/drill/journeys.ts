import type { Scale } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import type { SeededIds } from './drill.ts';
import { type Answer, type Call, jsonOf } from './http-client.ts';
import type { Kind } from './kinds.ts';
import type { Ledger, Write } from './ledger.ts';
import type { Member, Members } from './members.ts';
import type { OwnPosts } from './own-posts.ts';

/** One request of a kind, ready to be sent. */
export interface Journey {
  call: Call;
  /** What is wrong with the body of a 200 or 201, or undefined. */
  fault(answer: Answer): string | undefined;
  /** The id of what it asks for or changes, where it is one thing. */
  about?: string;
  /** Whose session it needs. */
  member?: Member;
  /** Hears the answer, whatever it is, and when it came, in milliseconds since the load began. */
  done?(answer: Answer, at: number): void;
}

interface JourneyParts {
  scale: Scale;
  ids: SeededIds;
  random: () => number;
  members: Members;
  ledger: Ledger;
  posts: OwnPosts;
}

const FEED_LENGTH = 20;

/** A maker of requests for each kind. Ids are drawn by Zipf's law, as readers ask for them. */
export function journeysOf({ scale, ids, random, members, ledger, posts }: JourneyParts): Record<Kind, () => Journey> {
  const { posts: postCount, users: userCount } = SCALES[scale];
  const [postRank, userRank] = [zipfRanks(postCount, random), zipfRanks(userCount, random)];
  const writing = (write: Write, call: Omit<Call, 'body'>): Journey => ({
    call: {
      ...call,
      headers: { Cookie: write.member.cookie, ...call.headers },
      body: ledger.bodyOf(write),
    },
    fault: (answer) => (fieldOf(answer, 'title') === write.title ? undefined : 'another title'),
    about: write.id ?? write.member.id,
    member: write.member,
    done: (answer, at) => ledger.close(write, answer, at),
  });
  const create = (key?: string) => {
    const kind = key === undefined ? 'create' : 'keyed';
    const write = ledger.open({ kind, member: members.next(), ...(key !== undefined && { key }) });
    return writing(write, { method: 'POST', path: '/posts', headers: key ? { 'Idempotency-Key': key } : {} });
  };
  const oneOf = (path: string, id: string): Journey => ({
    call: { path: `/${path}/${id}` },
    fault: (answer) => (fieldOf(answer, 'id') === id ? undefined : 'another id'),
    about: id,
  });
  return {
    post: () => oneOf('posts', ids.post(idOfRank(postRank(), postCount))),
    user: () => oneOf('users', ids.member(idOfRank(userRank(), userCount))),
    author: () => {
      const about = ids.member(idOfRank(userRank(), userCount));
      const fault = (answer: Answer) => (Array.isArray(fieldOf(answer, 'items')) ? undefined : 'no page');
      return { call: { path: `/users/${about}/posts` }, fault, about };
    },
    feed: () => ({ call: { path: `/posts?limit=${FEED_LENGTH}` }, fault: notAPage }),
    popular: () => ({ call: { path: '/posts/popular' }, fault: notAPage }),
    me: () => {
      const member = members.next();
      const fault = (answer: Answer) => (fieldOf(answer, 'id') === member.id ? undefined : 'another member');
      return { call: { path: '/me', headers: { Cookie: member.cookie } }, fault, about: member.id, member };
    },
    create: () => create(),
    keyed: () => create(`${ledger.run}-${ledger.writes.length}`),
    update: () => {
      const post = posts.next();
      const write = ledger.open({ kind: 'update', member: post.member, id: post.id });
      const put: Omit<Call, 'body'> = { method: 'PUT', path: `/posts/${post.id}`, headers: { 'If-Match': post.etag } };
      const journey = writing(write, put);
      const done = (answer: Answer, at: number) => {
        ledger.close(write, answer, at);
        posts.give(post, write, answer);
      };
      return { ...journey, done };
    },
  };
}

function fieldOf(answer: Answer, name: string): unknown {
  return (jsonOf(answer) as Record<string, unknown> | undefined)?.[name];
}

function notAPage(answer: Answer): string | undefined {
  const items = fieldOf(answer, 'items');
  return Array.isArray(items) && items.length === FEED_LENGTH ? undefined : `no page of ${FEED_LENGTH} posts`;
}
