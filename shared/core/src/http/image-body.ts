import type { Request, RequestHandler } from 'express';
import { DomainError } from '../errors.ts';

/** A photo of a phone has 2 to 4 MB. */
const MOST_BYTES = 5 * 1024 * 1024;
/** What is taken; the bytes themselves say which of them it is, later. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
/** Time that a sender has to read why a body was refused, in milliseconds. */
const LINGER_MS = 2_000;

/**
 * Reads a picture as it is, without a form around it, into `req.body`. It is held in memory, so that one that breaks off
 * leaves nothing behind. Express' own parser answers a body that is too large once it has read all of it.
 */
export const imageBody: RequestHandler = async (req, _res, next) => {
  if (!req.is(IMAGE_TYPES)) throw new DomainError('unsupported_type', `Send one of ${IMAGE_TYPES.join(', ')}.`);
  if (req.headers['content-encoding'] !== undefined) {
    throw new DomainError('unsupported_type', 'Send the picture as it is, not packed once more.');
  }
  if (Number(req.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  req.body = await readBody(req);
  next();
};

/** Counts while it comes: without a length nobody knows before how much there will be. */
async function readBody(req: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Destroyed with its last chunk unread, as a plain `for await` leaves it, the request would take its answer along.
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const fields = [{ path: '', message: 'broke off' }];
    throw new DomainError('invalid', 'The request could not be read.', { fields, cause: error });
  }
  return Buffer.concat(chunks);
}

/**
 * Bounds what comes after an answer that did not wait for all of the body. Closed at once, the connection would be reset
 * under the unread bytes, and the answer lost with it (RFC 9112, 9.6); read on without an end, it would never be free.
 */
export const hangUpOnTheRest: RequestHandler = (req, res, next) => {
  res.once('finish', () => {
    if (req.complete) return;
    req.resume();
    setTimeout(() => {
      if (!req.complete) req.socket.destroy();
    }, LINGER_MS).unref();
  });
  next();
};

function tooLarge(): DomainError {
  return new DomainError('too_large', 'The picture is larger than 5 MB.');
}
