import { later } from '@day90/core';
import { type RedisLink, runScript, script } from 'stage-2';

/** What each client has seen of the database, for all boxes together. */
export interface Positions {
  /** @returns Its position, or `undefined` when it is not known (any more). @throws {UnavailableError} Within 200 ms. */
  get(client: string): Promise<string | undefined>;
  /** Raises it; an earlier position changes nothing. @throws {UnavailableError} Within 200 ms. */
  raise(client: string, position: string): Promise<void>;
}

/** As long as a session lives without being used. Whoever comes back later reads the primary once, and has a position again. */
const KEPT_MS = 30 * 60_000;
const DEADLINE_MS = 200;
/** Clients whose last raise a box remembers, so that it need not be repeated for each page that comes from the cache. */
const REMEMBERED = 10_000;
/** Within the keys that sessions.conf lets the app use. */
const PREFIX = 'session:seen:';

/**
 * Keeps the later of two positions, in one step. Two answers to one client cross all the time (a page asks for several
 * things at once): read here, compared in the app and written back, the earlier position would win when it came last.
 * Keys: the client. Arguments: position, milliseconds.
 */
const RAISE = script(`
local known = redis.call('GET', KEYS[1])
if known and known >= ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
`);

/** Positions in the Redis of the sessions, whose memory survives a restart and is not evicted. */
export function redisPositions(link: RedisLink): Positions {
  /** What Redis has of each at least, those first that were raised the longest ago. */
  const raised = new Map<string, string>();
  function remember(client: string, position: string): void {
    raised.delete(client);
    raised.set(client, position);
    if (raised.size > REMEMBERED) raised.delete(raised.keys().next().value as string);
  }
  return {
    async get(client) {
      const position = await link.call((redis) => redis.get(PREFIX + client), DEADLINE_MS);
      const known = raised.get(client) ?? '';
      if ((position ?? '') < known) raised.delete(client); // Redis was emptied, or has lost its last second
      return position === null ? undefined : later(position, known);
    },
    async raise(client, position) {
      if (position <= (raised.get(client) ?? '')) return;
      const args = [position, String(KEPT_MS)];
      await link.call((redis) => runScript(redis, RAISE, [PREFIX + client], args), DEADLINE_MS);
      remember(client, position);
    },
  };
}
