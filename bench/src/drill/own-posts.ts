import { type Answer, type HttpClient, jsonOf } from './http-client.ts';
import type { StoredPost, Write } from './ledger.ts';
import type { Member } from './members.ts';

/** A seeded post of a member who may change it, with the version they last saw. */
interface OwnPost {
  id: string;
  member: Member;
  etag: string;
}

const LONGEST_PAGE = 100;
const AT_ONCE = 8;

/**
 * The seeded posts that a drill changes, each in turn. None is changed again before the answer to its last change, so that
 * two changes of the drill's own never meet; one whose fate nobody knows is not touched again.
 */
export class OwnPosts {
  readonly #free: OwnPost[];

  private constructor(posts: OwnPost[]) {
    this.#free = posts;
  }

  /** Finds the newest posts of each member. Empty where the drill changes none. */
  static async find(client: HttpClient, members: readonly Member[], eachOf: number): Promise<OwnPosts> {
    const posts: OwnPost[] = [];
    if (eachOf === 0) return new OwnPosts(posts);
    for (const member of members) {
      const { items } = await page(client, `/users/${member.id}/posts?limit=${Math.min(eachOf, LONGEST_PAGE)}`);
      const found = await inBatches(items, async ({ id }) => {
        const { headers } = await client.send({ path: `/posts/${id}` });
        return { id, member, etag: headers.etag ?? '' };
      });
      posts.push(...found.filter(({ etag }) => etag !== ''));
    }
    if (posts.length === 0) throw new Error('the members have no posts to change');
    return new OwnPosts(posts);
  }

  /** @throws {Error} When all are being changed, or their fate is unknown: the load is larger than the drill planned. */
  next(): OwnPost {
    const post = this.#free.shift();
    if (!post) throw new Error('no post is left to be changed: the drill needs fewer updates');
    return post;
  }

  /** Takes a post back after the answer to its change. */
  give(post: OwnPost, write: Write, { headers }: Answer): void {
    if (write.fate === 'unknown') return;
    this.#free.push(write.fate === 'acked' ? { ...post, etag: headers.etag ?? post.etag } : post);
  }
}

/**
 * The posts that the members wrote since a moment, and those of `ids` as they are now.
 * @throws {Error} When one of the pages is not answered.
 */
export async function storedPosts(
  client: HttpClient,
  members: readonly Member[],
  ids: Iterable<string>,
  since: Date,
): Promise<StoredPost[]> {
  const written: StoredPost[] = [];
  for (const member of members) written.push(...(await writtenBy(client, member, since)));
  const changed = await inBatches([...new Set(ids)], async (id) => {
    const answer = await client.send({ path: `/posts/${id}` });
    if (answer.status !== 200) throw new Error(`GET /posts/${id} was answered ${answer.status || answer.error}`);
    return { id, title: (jsonOf(answer) as StoredPost).title };
  });
  return [...written, ...changed];
}

async function writtenBy(client: HttpClient, { id }: Member, since: Date): Promise<StoredPost[]> {
  const path = `/users/${id}/posts?limit=${LONGEST_PAGE}`;
  const written: StoredPost[] = [];
  for (let at: string | null = ''; at !== null; ) {
    const { items, next } = await page(client, at === '' ? path : `${path}&before=${at}`);
    const recent = items.filter(({ createdAt }) => Date.parse(createdAt) >= since.getTime());
    written.push(...recent);
    at = recent.length < items.length ? null : next;
  }
  return written;
}

async function page(client: HttpClient, path: string) {
  const answer = await client.send({ path });
  if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status || answer.error}`);
  return jsonOf(answer) as { items: (StoredPost & { createdAt: string })[]; next: string | null };
}

/** Results in order, a few requests at a time: a stage that has just healed is not to be flooded. */
async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}
