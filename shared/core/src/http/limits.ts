import type { Request, RequestHandler } from 'express';
import { DomainError, UnavailableError } from '../errors.ts';
import type { Limit, RateLimit } from '../ports.ts';

/** Takes a turn. @throws {DomainError} `too_many_requests` when there is none left, with the time until there is one. */
export async function takeTurn(rateLimit: RateLimit, key: string, limit: Limit): Promise<void> {
  const retryAfter = await rateLimit.take(key, limit);
  if (retryAfter > 0) throw new DomainError('too_many_requests', 'Too many tries. Wait a little.', { retryAfter });
}

/** The address that turns are counted by. One IPv6 customer owns a whole /56, so that is what counts as one. */
export function addressOf(req: Request): string {
  const ip = req.ip ?? '';
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip;
  const [head = [], tail = []] = ip.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0'));
  return `${groups.slice(0, 3).join(':')}:${groups[3]?.slice(0, 2)}`;
}

/** Lets so many requests through at once, and answers others 503: each that waited would hold its memory meanwhile. */
export function atOnce(most: number): RequestHandler {
  let running = 0;
  return (_req, res, next) => {
    if (running >= most) throw new UnavailableError('Others are sending right now. Try again in a moment.');
    running += 1;
    res.once('close', () => {
      running -= 1;
    });
    next();
  };
}
