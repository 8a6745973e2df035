import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';
import { type HttpClient, jsonOf } from './http-client.ts';

/** A seeded member with a session. */
export interface Member {
  readonly id: string;
  readonly email: string;
  cookie: string;
  /** How often the session was lost, and a new one was asked for. */
  logins: number;
}

const FIRST_LOGIN_MS = 20_000;
const RETRY_MS = 300;

/** The members that write. A session that is gone is replaced beside the load, as a person would log in again. */
export class Members {
  readonly all: readonly Member[];
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;
  readonly #onLogin: (all: readonly Member[]) => void;
  readonly #loggingIn = new Map<Member, Promise<void>>();
  #turn = 0;

  private constructor(
    client: HttpClient,
    all: readonly Member[],
    onLogin: (all: readonly Member[]) => void,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#signal = signal;
    this.#onLogin = onLogin;
    this.all = all;
  }

  /**
   * Logs seeded members 1 to `count` in.
   * @param options.onLogin - Told of all of them whenever one has a new session.
   * @throws {Error} When one of them can't be within 20 s.
   */
  static async logIn(
    client: HttpClient,
    {
      count,
      idOf,
      onLogin,
    }: { count: number; idOf: (number: number) => string; onLogin: (all: readonly Member[]) => void },
    signal: AbortSignal,
  ): Promise<Members> {
    const all = Array.from(
      { length: count },
      (_, i): Member => ({ id: idOf(i + 1), email: memberEmail(i + 1), cookie: '', logins: 0 }),
    );
    const members = new Members(client, all, onLogin, signal);
    const enough = AbortSignal.any([signal, AbortSignal.timeout(FIRST_LOGIN_MS)]);
    await Promise.all(all.map((member) => members.#logIn(member, enough)));
    signal.throwIfAborted();
    const without = all.filter(({ cookie }) => cookie === '');
    if (without.length > 0) throw new Error(`${without.length} of ${count} members could not log in`);
    return members;
  }

  /** The member whose turn it is; one that is just logging in is passed over while others are there. */
  next(): Member {
    for (let tries = 0; tries < this.all.length; tries += 1) {
      const member = this.all[this.#turn++ % this.all.length] as Member;
      if (!this.#loggingIn.has(member)) return member;
    }
    return this.all[this.#turn++ % this.all.length] as Member;
  }

  /** Their session was refused: they log in again, until it works or the drill ends. */
  expired(member: Member, cookie: string): void {
    // An answer to a request from before the new session says nothing of that one.
    if (this.#loggingIn.has(member) || member.cookie !== cookie) return;
    const login = this.#logIn(member, this.#signal).finally(() => this.#loggingIn.delete(member));
    this.#loggingIn.set(member, login);
  }

  async #logIn(member: Member, signal: AbortSignal): Promise<void> {
    const body = { email: member.email, password: DEMO_PASSWORD };
    while (!signal.aborted) {
      const answer = await this.#client.send({ method: 'POST', path: '/login', body });
      const cookie = answer.headers['set-cookie']?.map((set) => set.split(';', 1)[0]).join('; ');
      if (answer.status === 200 && cookie && (jsonOf(answer) as { id?: string })?.id === member.id) {
        member.cookie = cookie;
        member.logins += 1;
        this.#onLogin(this.all);
        return;
      }
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
