import { type Logger, noteTiming, type Resource } from '@day90/core';
import { RedisStore } from 'connect-redis';
import type session from 'express-session';
import { connectRedis, type RedisLink } from 'stage-2';

/**
 * A route that needs a session says 503 within 300 ms when it can't be had, the way to the visitor and back included. A login
 * takes longer: it asks for its turns first, which has a deadline of its own, and hashes a password.
 */
const DEADLINE_MS = 200;
/** One box prolongs a session once in so long, so that a session ends 29 to 30 minutes after its last use. */
const TOUCH_EVERY_MS = 60_000;

/** Keys in sessions.conf are bound to this prefix. */
const PREFIX = 'session:';

/**
 * Sessions in a Redis that all boxes share: whoever logs in on one is known on each.
 *
 * Every call has an end: connect-redis waits for as long as the client does, and that one waits for ever on a Redis that has
 * taken the command and is frozen. Reading, saving and destroying fail by an `UnavailableError` (503) then, so that nobody
 * is taken for logged out, nor told of a login or a logout that was not stored.
 * @param url - With user and password: `redis://app:…@127.0.0.1:13003`.
 * @param options.now - Clock in milliseconds.
 */
export function redisSessions(
  url: string,
  { logger, now = Date.now }: { logger: Logger; now?: () => number },
): RedisSessions {
  return new RedisSessions(connectRedis(url, { name: 'The session store', logger }), now);
}

export class RedisSessions extends RedisStore implements Resource {
  readonly broken: RedisLink['broken'];
  /** For what else must neither be lost nor evicted, such as the counters of a rate limit. */
  readonly link: RedisLink;
  readonly #now: () => number;
  #touched = new Set<string>();
  #touchedUntil = 0;

  constructor(link: RedisLink, now: () => number) {
    super({ client: commandsOver(link), prefix: PREFIX });
    this.broken = link.broken;
    this.link = link;
    this.#now = now;
  }

  override async get(sid: string, callback: Callback): Promise<void> {
    const startedAt = performance.now();
    await super.get(sid, (error, data) => {
      noteTiming('session', `dur=${(performance.now() - startedAt).toFixed(3)}`);
      callback(error, data);
    });
  }

  /**
   * Prolongs a session, once a minute: connect-redis would write at each request. express-session calls this while the answer
   * is on its way and cuts it off if it fails, so the answer neither waits nor fails: a session not prolonged now is at the
   * next request. EXPIRE, and not SET as for a new session: it can't bring back one that was ended meanwhile.
   */
  override async touch(sid: string, data: session.SessionData, callback?: Callback): Promise<void> {
    callback?.();
    if (!this.#firstOfAMinute(sid)) return;
    await super.touch(sid, data, (error) => {
      if (error) this.#touched.delete(sid);
    });
  }

  close(): Promise<void> {
    return this.link.close();
  }

  #firstOfAMinute(sid: string): boolean {
    if (this.#now() >= this.#touchedUntil) {
      this.#touched = new Set();
      this.#touchedUntil = this.#now() + TOUCH_EVERY_MS;
    }
    return this.#touched.size !== this.#touched.add(sid).size;
  }
}

type Callback = (error?: unknown, data?: session.SessionData | null) => void;

/** What connect-redis calls of a client, each with a deadline. */
function commandsOver(link: RedisLink) {
  return {
    get: (key: string) => link.call((redis) => redis.get(key), DEADLINE_MS),
    set: (key: string, value: string, options: { expiration: { type: 'EX'; value: number } }) =>
      link.call((redis) => redis.set(key, value, options), DEADLINE_MS),
    expire: (key: string, seconds: number) => link.call((redis) => redis.expire(key, seconds), DEADLINE_MS),
    del: (keys: string[]) => link.call((redis) => redis.del(keys), DEADLINE_MS),
  };
}
