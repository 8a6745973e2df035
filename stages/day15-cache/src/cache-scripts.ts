import { script } from './redis-link.ts';

/*
 * What must happen in one step, as Redis runs it. Four kinds of keys beside the entries: `lease:<key>` holds the token of
 * the one who is loading an entry, `version:<tag>` the number of a tag's last invalidation, `sequence` the last number given,
 * `floor` the latest position of the database that an invalidation came from. A load must see that much: a copy of the
 * database that is behind shows what was there before the write, and the cache would keep it. Without `floor` Redis has
 * forgotten it, or nobody ever knew it.
 * All on one Redis: a cluster would ask for the keys of a script to lie on one node.
 */

/** How long a load may take before somebody else tries, in milliseconds. Whoever waits for a process that died waits so long. */
export const LEASE_MS = 2000;

/**
 * Asks for the right to load an entry. Keys: entry, lease, sequence, floor. Arguments: a new token, milliseconds, and how the
 * entry begins that is to be replaced, nothing where there was none.
 * @returns `[entry]` when there is one now, an empty one when it is not the one to be replaced; `[nil, token]` when somebody
 *   else has the lease, or `[nil, token, sequence, floor]` when it is the caller's.
 * @see https://www.usenix.org/conference/nsdi13/technical-sessions/presentation/nishtala 3.2.1, leases
 */
export const LEASE = script(`
if ARGV[3] == '' then
  local entry = redis.call('GET', KEYS[1])
  if entry then return {entry} end
elseif redis.call('GETRANGE', KEYS[1], 0, #ARGV[3] - 1) ~= ARGV[3] then
  return {''}
end
local token = redis.call('GET', KEYS[2])
if token then return {false, token} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {false, ARGV[1], redis.call('GET', KEYS[3]) or '0', redis.call('GET', KEYS[4]) or ''}
`);

/**
 * Keeps what was loaded, unless the lease went to somebody else or one of its tags was invalidated since: then it may be
 * older than a write that has been answered. Keys: entry, lease, sequence, floor. Arguments: token, sequence of the lease,
 * entry, milliseconds, position at which it was loaded, tags.
 *
 * A forgotten floor is set anew: where it was missing the load has seen all there was, and no write was invalidated since.
 * @returns 1 when it was kept.
 */
export const KEEP = script(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
local seen, last = tonumber(ARGV[2]), tonumber(redis.call('GET', KEYS[3]) or '0')
if last < seen then return 0 end
for i = 6, #ARGV do
  if tonumber(redis.call('GET', 'version:' .. ARGV[i]) or '0') > seen then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
if ARGV[5] ~= '' and last == seen and not redis.call('GET', KEYS[4]) then redis.call('SET', KEYS[4], ARGV[5]) end
return 1
`);

/** Gives a lease back whose load has failed. Keys: lease. Arguments: token. */
export const GIVE_BACK = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

/**
 * Invalidates tags: the entry of that name, and each list whose first line names one of them. Their versions outlive every
 * lease given before. Keys: sequence, floor, lists. Arguments: milliseconds of a lease, position of the write, tags.
 *
 * A floor that is missing stays so: an earlier drop may have known a later position. A write of unknown position ends it.
 */
export const DROP = script(`
local number = redis.call('INCR', KEYS[1])
local floor = redis.call('GET', KEYS[2])
if ARGV[2] == '' then redis.call('DEL', KEYS[2])
elseif floor and floor < ARGV[2] then redis.call('SET', KEYS[2], ARGV[2]) end
local heads = {}
for i = 3, #KEYS do heads[i] = string.match(redis.call('GETRANGE', KEYS[i], 0, 4095), '^[^\\n]*') end
for i = 3, #ARGV do
  redis.call('SET', 'version:' .. ARGV[i], number, 'PX', ARGV[1] * 2)
  redis.call('DEL', ARGV[i])
  for k, head in pairs(heads) do
    if string.find(head, ' ' .. ARGV[i] .. ' ', 1, true) then redis.call('DEL', KEYS[k]) end
  end
end
`);
