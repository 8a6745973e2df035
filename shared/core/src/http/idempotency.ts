import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { transaction } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { IdempotentAnswers, StoredAnswer } from '../ports.ts';
import { memberOf } from './session.ts';

/** A client's own key: printable ASCII, so that it can be a header, and short, so that it can be an index. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * Runs `work` and gives its answer. With an `Idempotency-Key`, effect and answer are kept together, in one transaction:
 * a retry gets the kept answer, and has no second effect, however the first one's answer was lost.
 * @throws {DomainError} `idempotency_key_reused` for the same key with another request, `conflict` while the first runs.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export async function idempotent(
  req: Request,
  res: Response,
  answers: IdempotentAnswers,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return transaction(work);
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new DomainError('invalid', 'The request is not valid.', {
      fields: [{ path: 'Idempotency-Key', message: 'must be 1 to 128 printable ASCII characters' }],
    });
  }
  const member = memberOf(req);
  return transaction(async () => {
    const begun = await answers.begin(member, key, fingerprint(req));
    if (begun === 'other_request') {
      throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
    }
    if (begun === 'in_progress') {
      throw new DomainError('conflict', 'The first request with this Idempotency-Key is still running.', {
        retryAfter: 1,
      });
    }
    if (begun !== 'new') {
      res.setHeader('Idempotent-Replayed', 'true');
      return begun;
    }
    const answer = await work();
    await answers.finish(member, key, answer);
    return answer;
  });
}

function fingerprint(req: Request): string {
  return createHash('sha256')
    .update(`${req.method} ${req.path}\n${JSON.stringify(req.body)}`)
    .digest('base64url');
}
