import type { RateLimit } from '@day90/core';
import { type RedisLink, runScript, script } from './redis-link.ts';

/**
 * Counts a turn in a fixed window that begins with its first one. Keys: the counter. Arguments: milliseconds of a window.
 * @returns The turns taken, and the milliseconds left.
 */
const TAKE = script(`
local turns = redis.call('INCR', KEYS[1])
if turns == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {turns, redis.call('PTTL', KEYS[1])}
`);

/**
 * Counts turns for all processes together.
 * @param insurance - Counts while Redis is out of reach: each process for itself, which is more than nothing.
 */
export function redisRateLimit(link: RedisLink, insurance: RateLimit): RateLimit {
  return {
    async take(key, limit) {
      const reply = await link
        .call((client) => runScript(client, TAKE, [`turns:${key}`], [String(limit.seconds * 1000)]))
        .catch(() => undefined);
      if (reply === undefined) return insurance.take(key, limit);
      const [turns, msLeft] = reply as [number, number];
      return turns <= limit.turns ? 0 : Math.max(1, Math.ceil(msLeft / 1000));
    },
  };
}
