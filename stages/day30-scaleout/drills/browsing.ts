import type { Rig } from '@day90/bench/drill';
import { Visitor } from './visitor.ts';

const LOOK_EVERY_MS = 250;

/** A status and when it was asked for, in milliseconds since the load began. */
export interface Seen {
  at: number;
  status: number;
}

/** A member in one browser, who looks at what is theirs again and again, and logs in when told to, until that works. */
export class Browsing {
  readonly looks: Seen[] = [];
  readonly logins: Seen[] = [];
  readonly #rig: Rig;
  readonly #visitor: Visitor;
  #loop: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(rig: Rig, id: number) {
    this.#rig = rig;
    this.#visitor = new Visitor(rig, id);
  }

  /** @throws {Error} When the first login is refused. */
  async begin(): Promise<void> {
    const { status } = await this.#visitor.logIn();
    if (status !== 200) throw new Error(`the first login of member ${this.#visitor.id} was answered ${status}`);
    this.#loop = this.#look();
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#loop;
  }

  /** How often it was told to log in, between two moments. */
  loggedOut(from: number, to: number): number {
    return this.looks.filter(({ at, status }) => status === 401 && at >= from && at < to).length;
  }

  async #look(): Promise<void> {
    while (!this.#ended) {
      const { at, status, text } = await this.#visitor.send('GET', '/me');
      const isOwn = status !== 200 || (JSON.parse(text) as { id?: string }).id === this.#visitor.id;
      this.looks.push({ at, status: isOwn ? status : 0 });
      if (status === 401) await this.#logInAgain();
      await this.#rig.sleep(LOOK_EVERY_MS);
    }
  }

  async #logInAgain(): Promise<void> {
    do {
      await this.#rig.sleep(LOOK_EVERY_MS);
      this.logins.push(await this.#visitor.logIn());
    } while (!this.#ended && this.logins.at(-1)?.status !== 200);
  }
}
