import { randomUUID } from 'node:crypto';
import type { Page, Post, User } from '@day90/core';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Answer } from './answer.ts';
import { Visitor } from './visitor.ts';

/** A running app to hold against the contract. */
export interface HttpRig {
  /** The visitor's door, without a slash at its end. */
  url: string;
  /** Members who are there already, 100 at least, by number from 1 on: they spare the contract its signups. */
  knownMember?(number: number): { email: string; password: string };
  /** Whether a proxy in front gives every request an id of its own, also those that come with one. */
  namesRequests?: true;
  /** Whether a post may be shown with an older count of views for a while; a page that nobody has asked for yet never is. */
  showsViewsLate?: true;
  /** The mails that the mail server has accepted so far, where the test can see them. */
  mails?(): Promise<readonly { to: string; subject: string }[]>;
  stop(): Promise<void>;
}

/** A member with a session. */
export interface Member {
  id: string;
  email: string;
  password: string;
  cookie: string;
}

/** What the parts of the contract work with; everything in it waits for the app to be up. */
export class ContractRig {
  #rig: HttpRig | undefined;
  #visitor: Visitor | undefined;
  readonly #members = new Map<number, Promise<Member>>();

  /** Starts the app before the first test of the surrounding `describe`, and stops it after the last. */
  static using(start: () => Promise<HttpRig>): ContractRig {
    const rig = new ContractRig();
    let starting: Promise<HttpRig> | undefined;
    beforeAll(async () => {
      starting = start();
      rig.#rig = await starting;
      rig.#visitor = await Visitor.of(rig.#rig.url);
    }, 180_000);
    // Also one that came up too late for its tests: left up, it would keep this process.
    afterAll(async () => (await starting?.catch(() => undefined))?.stop(), 180_000);
    return rig;
  }

  get app(): HttpRig {
    if (!this.#rig) throw new Error('The app did not start.');
    return this.#rig;
  }

  get visitor(): Visitor {
    if (!this.#visitor) throw new Error('The app did not start.');
    return this.#visitor;
  }

  send: Visitor['send'] = (call, options) => this.visitor.send(call, options);

  /** A member whose session all tests share: a login costs 30 ms. */
  member(n: number): Promise<Member> {
    let member = this.#members.get(n);
    if (!member) {
      const known = this.app.knownMember?.(n + 2);
      member = known ? this.login(known.email, known.password) : this.newMember();
      this.#members.set(n, member);
    }
    return member;
  }

  /** A member of their own for one test. */
  async newMember(invitedBy?: string): Promise<Member> {
    const account = newAccount();
    const answer = await this.send('POST /signup', { json: { ...account, ...(invitedBy && { invitedBy }) } });
    expect(answer.status).toBe(201);
    return this.login(account.email, account.password);
  }

  /** Logs in. @param cookie - A cookie the browser had before. */
  async login(email: string, password: string, cookie?: string): Promise<Member> {
    const answer = await this.send('POST /login', {
      json: { email, password },
      ...(cookie && { headers: { cookie } }),
    });
    expect(answer.status).toBe(200);
    return { id: answer.json<User>().id, email, password, cookie: sessionCookie(answer) };
  }

  async newPost(author: Member, title = `Title ${randomUUID()}`, body = 'Body'): Promise<Post> {
    const answer = await this.send('POST /posts', { as: author, json: { title, body } });
    expect(answer.status).toBe(201);
    return answer.json<Post>();
  }

  async readPost(id: string): Promise<Post> {
    return (await this.send(`GET /posts/${id}`)).json<Post>();
  }

  async postPage(path: string): Promise<Page<Post>> {
    const answer = await this.send(`GET ${path}`);
    expect(answer.status).toBe(200);
    return answer.json<Page<Post>>();
  }
}

export function newAccount(): { name: string; email: string; password: string } {
  const id = randomUUID();
  return { name: 'Contract Member', email: `contract-${id}@day90.test`, password: `unguessed ${id}` };
}

/** The `Cookie` header that sends the session of an answer back. */
export function sessionCookie(answer: Answer): string {
  const [cookie = ''] = answer.headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
}
