import { createHash, createHmac } from 'node:crypto';
import type { SessionData } from 'express-session';

/** Members who are logged in: so many that in a minute each comes some ten times, and no more. */
export const SESSIONS = 10_000;
/** Signs the cookies of these processes, which guard nothing. */
export const SECRET = 'the secret of a measurement that guards nothing';

const IDLE_MS = 30 * 60_000;

/** The id of a member's session, as long as express-session makes them. */
export function sidOf(member: number): string {
  return createHash('sha256').update(String(member)).digest('base64url').slice(0, 32);
}

/** `sid=s%3A…`, signed as express-session does it. */
export function cookieOf(member: number): string {
  const sid = sidOf(member);
  return `sid=${encodeURIComponent(`s:${sid}.${signatureOf(sid)}`)}`;
}

export function signatureOf(sid: string): string {
  return createHmac('sha256', SECRET).update(sid).digest('base64').replace(/=+$/, '');
}

/** What the app keeps of a member who is logged in. */
export function sessionOf(member: number): SessionData {
  const expires = new Date(Date.now() + IDLE_MS);
  return {
    cookie: { originalMaxAge: IDLE_MS, expires, httpOnly: true, sameSite: 'lax', secure: false, path: '/' },
    userId: String(member),
    email: `member${member}@day90.test`,
    startedAt: Date.now(),
  };
}
