import { cookieName, type RequestHandler, UnavailableError } from '@day90/core';
import type { InFlightLimit } from './in-flight-limit.ts';
import { waitedMs } from './waited.ts';

/** Why a request was refused: there are enough under way, enough public reads are, or it has waited for too long already. */
export const SHED_REASONS = ['in_flight', 'public_reads', 'waited'] as const;
export type ShedReason = (typeof SHED_REASONS)[number];

interface Options {
  PUBLIC_URL: string;
  PUBLIC_READ_SHARE: number;
  MOST_WAIT_MS: number;
}

/**
 * Places beyond the limit. The proxy in front holds to it, for all boxes alike and up to a second later, and gives public reads
 * their share of all places: at times one box has more of either. It would refuse them after they have waited for it, at some cost.
 */
const BEYOND = 1.5;

/**
 * Refuses what a box could not answer in time anyway, before anything is done for it: 503 with `Retry-After`. The proxy in front
 * refuses first, at no cost for the box; this is for what it lets through while its own limit is too high, or when there is none.
 *
 * Reads without a session may take only their share of the limit, so that the rest is left to members and writes. Pictures
 * on their way in don't count: their number is bounded already, and a slow sender holds one open for half a minute.
 * @param count - Hears of each refusal.
 */
export function admission(
  limit: InFlightLimit,
  { PUBLIC_URL, PUBLIC_READ_SHARE, MOST_WAIT_MS }: Options,
  count: (reason: ShedReason) => void,
): RequestHandler {
  const sid = `; ${cookieName(PUBLIC_URL)}=`;
  const isPublicRead = (method: string, cookie = '') =>
    (method === 'GET' || method === 'HEAD') && !`; ${cookie}`.includes(sid);

  let publicReads = 0;
  return (req, res, next) => {
    if (req.path === '/images') return next();
    const waited = waitedMs(req.headers);
    const isPublic = isPublicRead(req.method, req.headers.cookie);
    const reason = refusal(isPublic, waited);
    if (reason !== undefined) {
      count(reason);
      throw new UnavailableError('Too much is asked for at once. Nothing was done.');
    }
    const leave = limit.enter(waited);
    publicReads += Number(isPublic);
    res.once('close', () => {
      publicReads -= Number(isPublic);
      leave();
    });
    next();
  };

  function refusal(publicRead: boolean, waited = 0): ShedReason | undefined {
    const most = limit.limit * BEYOND;
    if (limit.inFlight >= most) return 'in_flight';
    if (publicRead && publicReads >= most * PUBLIC_READ_SHARE) return 'public_reads';
    return waited > MOST_WAIT_MS ? 'waited' : undefined;
  }
}
