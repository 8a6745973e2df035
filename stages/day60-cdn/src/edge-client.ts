import { Agent, request } from 'node:http';
import type { Logger } from '@day90/core';

/** The farthest edge answers after two round trips of 290 ms when a connection has to be opened first. */
const DEADLINE_MS = 1500;
/** Before an edge closes an idle connection (60 s), or a purge on it could be lost. */
const IDLE_MS = 50_000;
/** Tags in one request: an edge takes a header of 8 kB. */
const TAGS_AT_ONCE = 200;
/**
 * Purges under way to one edge. What is purged meanwhile goes together in the next one: by a request for each write, an edge that
 * is 290 ms away could be told of seven writes a second, and of all others later and later.
 */
const PURGES_AT_ONCE = 2;

/** One edge, as the app talks to it. */
export interface EdgeClient {
  /** @returns Whether it has forgotten all that bears one of these tags. */
  purge(tags: string[]): Promise<boolean>;
  close(): void;
}

/** Talks to the edge at this address, over connections that stay open. */
export function edgeClient(url: string, key: string, logger: Logger): EdgeClient {
  const agent = new Agent({ keepAlive: true, maxSockets: PURGES_AT_ONCE, timeout: IDLE_MS });
  let away = false;
  let underWay = 0;
  let next: ({ tags: Set<string> } & PromiseWithResolvers<boolean>) | undefined;
  let closed = false;
  const send = (tags: string[]) =>
    new Promise<number>((resolve, reject) => {
      const headers = { 'X-Purge-Key': key, 'X-Purge-Tags': tags.join(' ') };
      const sent = request(url, { agent, method: 'PURGE', headers }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', reject);
      });
      // Ended with the request: AbortSignal.timeout would keep all of it for as long, and V8 count it among what is old.
      const late = setTimeout(() => sent.destroy(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
      sent.once('close', () => clearTimeout(late));
      sent.once('error', reject).end();
    });
  const sendAll = async (tags: string[]): Promise<string | undefined> => {
    for (let from = 0; from < tags.length; from += TAGS_AT_ONCE) {
      const status = await send(tags.slice(from, from + TAGS_AT_ONCE));
      if (status !== 204) return `it answered ${status}`;
    }
    return undefined;
  };
  const purge = async (tags: string[]): Promise<boolean> => {
    underWay += 1;
    const problem = await sendAll(tags).catch((error: Error) => error.message);
    underWay -= 1;
    if (next && !closed) void purge([...next.tags]).then(next.resolve);
    next = undefined;
    if ((problem !== undefined) !== away) {
      away = problem !== undefined;
      if (away) logger.warn({ edge: url, problem }, 'an edge can not be purged; it is tried again');
      else logger.info({ edge: url }, 'the edge has been purged again');
    }
    return problem === undefined;
  };
  return {
    purge(tags) {
      if (underWay < PURGES_AT_ONCE) return purge(tags);
      if (!next) {
        next = { tags: new Set(), ...Promise.withResolvers<boolean>() };
        // The wait for those under way counts, too: behind a frozen edge it takes as long as they do.
        const late = setTimeout(next.resolve, DEADLINE_MS, false);
        void next.promise.then(() => clearTimeout(late));
      }
      for (const tag of tags) next.tags.add(tag);
      return next.promise;
    },
    close() {
      closed = true;
      next?.resolve(false);
      agent.destroy();
    },
  };
}
