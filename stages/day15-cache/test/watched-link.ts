import { DROP, GIVE_BACK, KEEP, LEASE } from '../src/cache-scripts.ts';
import type { RedisClient, RedisLink } from '../src/redis-link.ts';

/** One command on its way: `GET`, or the name of a script, and the key it is about. */
export interface Command {
  name: string;
  key: string;
}

const NAMES = new Map(Object.entries({ LEASE, KEEP, DROP, GIVE_BACK }).map(([name, { sha }]) => [sha, name]));

/** A link whose commands a test sees, and can hold back or lose: each of its hooks may wait, or throw. */
export class WatchedLink implements RedisLink {
  /** Called before a command is sent. */
  before: (command: Command) => Promise<void> = async () => {};
  /** Called with the reply before it is handed over. */
  after: (command: Command) => Promise<void> = async () => {};
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  call<T>(command: (client: RedisClient) => Promise<T>, budgetMs?: number): Promise<T> {
    return this.#link.call((client) => command(this.#watched(client)), budgetMs);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** The commands that a cache sends, each with the hooks around it. */
  #watched(client: RedisClient): RedisClient {
    const hooked = async <T>(command: Command, send: () => Promise<T>): Promise<T> => {
      await this.before(command);
      const reply = await send();
      await this.after(command);
      return reply;
    };
    const evalSha: RedisClient['evalSha'] = (sha, options) => {
      const name = NAMES.get(String(sha)) ?? 'other';
      return hooked({ name, key: String(options?.keys?.[0]) }, () => client.evalSha(sha, options));
    };
    const get: RedisClient['get'] = (key) => hooked({ name: 'GET', key: String(key) }, () => client.get(key));
    return Object.assign(Object.create(client) as RedisClient, { evalSha, get, eval: client.eval.bind(client) });
  }
}
