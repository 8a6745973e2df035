import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@day90/infra';
import { acceptedMails } from '../../drills/books.ts';
import { Signups } from '../../drills/signups.ts';

const EVERY_MS = 250;
const LOOK_MS = 20;
/** By then a mail is taken for lost. */
const PATIENCE_MS = 15_000;

/** How long some people waited, in milliseconds, each for the answer and each for the mail. */
export interface Followed {
  answerMs: number[];
  mailMs: number[];
}

/**
 * Has people sign up, four a second, and follows each to the moment in which the mail server has accepted their mail.
 * @throws {Error} When one is refused, or a mail does not come.
 */
export async function followSignups(instance: Instance, count: number, signal: AbortSignal): Promise<Followed> {
  const signups = new Signups({ instance, now: () => Date.now() });
  signups.begin(1000 / EVERY_MS);
  while (signups.sent < count) await sleep(LOOK_MS, undefined, { signal });
  await signups.end();
  const { all, acked } = signups;
  if (acked.length < all.length) throw new Error(`${all.length - acked.length} of ${all.length} sign-ups were refused`);
  const end = Date.now() + PATIENCE_MS;
  let mails = acceptedMails({ instance });
  while (!all.every(({ email }) => mails.has(email))) {
    if (Date.now() > end) throw new Error('a mail did not come');
    await sleep(LOOK_MS, undefined, { signal });
    mails = acceptedMails({ instance });
  }
  return {
    answerMs: all.map(({ at, end: answered }) => answered - at),
    mailMs: all.map(({ at, email }) => (mails.get(email)?.[0]?.at ?? Number.NaN) - at),
  };
}
