import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hit, type Pace, readyAttack, type Shot } from '@day90/bench';
import { Guardian } from '@day90/infra';
import { idOfRank, SCALES, type Scale } from '@day90/testing/data';

/** What a request of a rush is. */
export type RushKind = 'me' | 'post' | 'write';
/** One that was sent, and what became of it. */
export interface Rushed extends Hit {
  kind: RushKind;
  /** Of a post that it was to write. */
  title?: string;
}

/** So many a second, for so many seconds. */
interface Rate {
  rate: number;
  seconds: number;
}

interface Crowd {
  url: string;
  scale: Scale;
  /** Cookies of members, who take turns. */
  cookies: readonly string[];
  random: () => number;
  signal: AbortSignal;
}

/** In hundredths: members who look who they are, readers of one post each, and members who write. */
const SHARES: [RushKind, upTo: number][] = [
  ['me', 60],
  ['post', 95],
  ['write', 100],
];

/**
 * A crowd that comes all at once, members and strangers, of whom each reader wants another post: most of them are at no edge yet.
 * Each writer sends an `Idempotency-Key`, so that what was refused could be sent again.
 */
export class Rush {
  readonly #crowd: Crowd;
  readonly #name = `rush-${process.pid}-${Date.now().toString(36)}`;
  /** Each reader takes the next one: an edge keeps none of what is read once. */
  #nextRank: number;
  #sent = 0;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.#nextRank = Math.floor(crowd.random() * SCALES[crowd.scale].posts);
  }

  /** So many a second for so long. */
  async atRate(rate: number, seconds: number): Promise<Rushed[]> {
    const begin = await this.#plan({ rate }, Math.round(rate * seconds));
    const read = await begin();
    return read();
  }

  /** Two rates, the second from the end of the first one on, whoever still waits for an answer then. */
  async inTurn(first: Rate, second: Rate): Promise<[Rushed[], Rushed[]]> {
    const [beginFirst, beginSecond] = [
      await this.#plan({ rate: first.rate }, Math.round(first.rate * first.seconds)),
      // Now: to write its requests down would take the CPU of the last of the first.
      await this.#plan({ rate: second.rate }, Math.round(second.rate * second.seconds)),
    ];
    const reads = await Promise.all([beginFirst(), sleep(first.seconds * 1000).then(beginSecond)]);
    return [await reads[0](), await reads[1]()];
  }

  /**
   * Each when one before was answered, and so many a second at most: what is refused is answered at once, and would come again
   * as soon.
   */
  async atOnce(atOnce: number, seconds: number, mostPerSecond: number): Promise<Rushed[]> {
    const begin = await this.#plan({ atOnce, seconds, mostPerSecond }, mostPerSecond * seconds);
    const read = await begin();
    return read();
  }

  /** @returns What begins it, and then what reads what became of it. */
  async #plan(pace: Pace, count: number): Promise<() => Promise<() => Promise<Rushed[]>>> {
    const { url, signal } = this.#crowd;
    const guardian = new Guardian();
    const scratch = mkdtempSync(join(tmpdir(), 'day90-rush-'));
    guardian.leftover(scratch);
    const end = () => {
      rmSync(scratch, { recursive: true, force: true });
      guardian.bye();
    };
    const orEnd = <T>(work: Promise<T>) =>
      work.catch((error: unknown) => {
        end();
        throw error;
      });
    const planned = Array.from({ length: count }, () => this.#next());
    const shots = planned.map(({ shot }) => shot);
    const begin = await orEnd(readyAttack({ url, shots, pace, scratch, guardian, signal }));
    return async () => {
      const read = await orEnd(begin());
      return async () => {
        const hits = await read().finally(end);
        return hits.map((hit) => ({ ...hit, ...(planned[hit.shot] as (typeof planned)[number]).what }));
      };
    };
  }

  #next(): { shot: Shot; what: { kind: RushKind; title?: string } } {
    const { scale, cookies, random } = this.#crowd;
    const n = this.#sent++;
    const point = random() * 100;
    const kind = SHARES.find(([, upTo]) => point < upTo)?.[0] ?? 'me';
    const Cookie = cookies[n % cookies.length] as string;
    if (kind === 'me') return { shot: { path: '/me', headers: { Cookie } }, what: { kind } };
    if (kind === 'post') return { shot: { path: `/posts/${this.#another(SCALES[scale].posts)}` }, what: { kind } };
    const title = `${this.#name} ${n}`;
    const headers = { Cookie, 'Idempotency-Key': title.replace(' ', '-') };
    return { shot: { method: 'POST', path: '/posts', headers, body: { title, body: BODY } }, what: { kind, title } };
  }

  #another(posts: number): number {
    return idOfRank((this.#nextRank++ % posts) + 1, posts);
  }
}

const BODY = 'What somebody has to say while all others are talking, too. '.repeat(5);
