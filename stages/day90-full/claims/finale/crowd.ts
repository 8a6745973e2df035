import { requestOf, seededRandom, type Target } from '@day90/bench';
import { idOfRank, SCALES, type Scale, zipfRanks } from '@day90/testing/data';

/** What a request of the finale is. */
export const KINDS = ['known', 'unread', 'me', 'write'] as const;
export type Kind = (typeof KINDS)[number];

/** Of a hundred: posts that nobody has read yet, members who ask who they are, and new posts. All others are of the posts that many read. */
const SHARES = { unread: 5, me: 1, write: 1 };
const MOST_KNOWN = 10_000;

interface Options {
  url: string;
  scale: Scale;
  seed: number;
  /** Of members who are logged in. */
  cookies: readonly string[];
}

/** Who comes: the distinct requests, ready to be sent, and what each is. */
export class Crowd {
  readonly targets: Target[] = [];
  readonly #kinds: Kind[] = [];
  readonly #options: Options;
  readonly #random: () => number;
  readonly #firstOf: Record<'unread' | 'me', number>;
  readonly knownPosts: number;
  #unreadAsked = 0;
  #written = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    const { posts } = SCALES[options.scale];
    this.knownPosts = Math.min(MOST_KNOWN, posts / 2);
    for (let rank = 1; rank <= posts; rank += 1) {
      const path = `/posts/${idOfRank(rank, posts)}`;
      this.#add(rank <= this.knownPosts ? 'known' : 'unread', { path });
    }
    this.#firstOf = { unread: this.knownPosts, me: this.targets.length };
    for (const Cookie of options.cookies) this.#add('me', { path: '/me', headers: { Cookie } });
  }

  kindOf(target: number): Kind {
    return this.#kinds[target] as Kind;
  }

  /** Every known post once. */
  warmUp(): Uint32Array {
    return Uint32Array.from({ length: this.knownPosts }, (_, n) => n);
  }

  /**
   * So many requests in a random order of their kinds.
   * @param rate - A second. As many posts are known: with fewer requests each would be read less often, an edge would have fewer
   *   of them still, and a smaller load would be another one.
   */
  order(count: number, rate: number): Uint32Array {
    const known = zipfRanks(Math.min(this.knownPosts, rate), this.#random);
    return Uint32Array.from({ length: count }, () => this.#next(known));
  }

  #next(known: () => number): number {
    const point = this.#random() * 100;
    if (point < SHARES.write) return this.#write();
    if (point < SHARES.write + SHARES.me) {
      return this.#firstOf.me + Math.floor(this.#random() * this.#options.cookies.length);
    }
    if (point < SHARES.write + SHARES.me + SHARES.unread) {
      const unread = this.#firstOf.me - this.#firstOf.unread;
      return this.#firstOf.unread + (this.#unreadAsked++ % unread);
    }
    return known() - 1;
  }

  /** Each has a key, so that nginx, and who sent it, may send it a second time. */
  #write(): number {
    const n = this.#written++;
    const { cookies } = this.#options;
    const headers = { Cookie: cookies[n % cookies.length] as string, 'Idempotency-Key': `finale-${process.pid}-${n}` };
    const body = { title: `Written in the finale, ${n}`, body: 'What a member has to say. '.repeat(20) };
    return this.#add('write', { method: 'POST', path: '/posts', headers, body });
  }

  #add(kind: Kind, shot: Parameters<typeof requestOf>[1]): number {
    this.#kinds.push(kind);
    return this.targets.push(requestOf(this.#options.url, shot)) - 1;
  }
}
