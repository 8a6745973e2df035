import type { Check, Rig } from '@day90/bench/drill';
import { cookieOf, Visitor } from './visitor.ts';

/** Each takes 30 ms of a box that has 4 of every 20 ms, and holds up whoever is there with it. */
const LOGIN_EVERY_MS = 1500;
/** A member with whom the load does nothing. */
const GUEST = 9;

/** @returns The cookies of those that were accepted. */
export async function keepsLoggingIn(rig: Rig, ms: number): Promise<string[]> {
  const cookies: string[] = [];
  const end = rig.now() + ms;
  while (rig.now() < end) {
    cookies.push(await logsIn(rig));
    if (rig.now() < end) await rig.sleep(Math.min(LOGIN_EVERY_MS, end - rig.now()));
  }
  return cookies;
}

/**
 * By a visitor without a cookie, for whom the store is asked for nothing before the new session is to be kept.
 * @returns The cookie; empty when the login was refused.
 */
export async function logsIn(rig: Rig): Promise<string> {
  const heard = await new Visitor(rig, GUEST).logIn();
  const cookie = cookieOf(heard) ?? '';
  count(rig, heard.status === 200 ? 'logins accepted' : 'logins refused', 1);
  if (heard.status !== 200 && cookie !== '') count(rig, 'refused with a cookie', 1);
  if (heard.status === 200 && cookie === '') count(rig, 'accepted and lost', 1);
  return heard.status === 200 ? cookie : '';
}

/** Asks for the sessions of accepted logins. */
export async function countLost(rig: Rig, cookies: readonly string[]): Promise<void> {
  for (const cookie of cookies.filter((one) => one !== '')) {
    const visitor = new Visitor(rig, GUEST);
    visitor.cookie = cookie;
    count(rig, 'accepted and lost', (await visitor.send('GET', '/me')).status === 200 ? 0 : 1);
  }
}

function count({ facts }: Rig, what: string, more: number): void {
  facts[what] = (facts[what] ?? 0) + more;
}

/** What the visitors above were told, as the facts have it. */
export function judgeLogins({ facts }: Rig): Check {
  const { 'logins refused': refused = 0, 'logins accepted': accepted = 0 } = facts;
  const { 'accepted and lost': lost = 0, 'refused with a cookie': cookies = 0 } = facts;
  return {
    id: 'logins',
    criterion: 'logins accepted without a stored session, or refused with a cookie: 0',
    value: `${lost} and ${cookies} of ${accepted} accepted and ${refused} refused`,
    passed: lost + cookies === 0 && refused > 0,
  };
}
