import { asReader, beforeHead, type RequestHandler, type ServerConfig } from '@day90/core';
import type { RedisLink } from 'stage-2';
import { clientCookie, newClientId } from './client-cookie.ts';
import { ClientReader } from './client-reader.ts';
import { redisPositions } from './positions.ts';

/**
 * Lets each client see what it has written, and never less than it has seen, from its first write or login on. Until then a
 * request asks for nothing and costs nothing: any database will do.
 * @param link - The Redis of the sessions, which all boxes share.
 */
export function ownWrites(link: RedisLink, config: ServerConfig): RequestHandler {
  const cookie = clientCookie(config);
  const positions = redisPositions(link);
  return (req, res, next) => {
    const name = cookie.read(req.headers.cookie);
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (!name && reads) return next();
    const reader = new ClientReader(positions, name);
    beforeHead(res, (status) => {
      const { position, lost } = reader;
      // A failed login is nobody's: it would take a place in Redis for each try.
      const due = reads ? lost : position > (name?.position ?? '') && (lost || status < 400);
      if (due) res.appendHeader('Set-Cookie', cookie.write({ id: name?.id ?? newClientId(), position }));
    });
    asReader(reader, next);
  };
}
