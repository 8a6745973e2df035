import { SharedArray } from 'k6/data';
import http, { type ObjectBatchRequest } from 'k6/http';
import { DEMO_MEMBERS, DEMO_PASSWORD, memberEmail } from '../../shared/testing/src/data.ts';
import { type ArmTarget, targets } from './arms.ts';
import type { Ask } from './visit.ts';

/** The cookies of the members who are logged in, by arm. */
export interface Members {
  cookies: Record<string, readonly string[]>;
}

/** k6's own; its types do not have it. */
declare const console: { info(line: string): void };

/** The bench waits for this line: until then no box is held to its budget. */
const DONE = 'day90: members are logged in';

/**
 * A script's `setup` where members come to visit: logs a pool of them in on every arm and keeps their cookies, since each
 * login costs 30 ms of CPU and would be all that a load measures. The apps must allow that many logins from one address
 * (`LOGIN_TURNS_PER_MINUTE_AND_ADDRESS`). A run that looks for k6's own ceiling has nobody to log in to.
 * @throws {Error} With the answer, when a login is refused.
 */
export function logMembersIn(): Members {
  if (__ENV.CLOSED_LOOP_USERS) return { cookies: {} };
  console.info('day90: logging members in');
  const cookies = Object.fromEntries(targets(__ENV).map((arm) => [arm.name, logIn(arm)]));
  console.info(DONE);
  return { cookies };
}

/** Members who were logged in before: `MEMBERS` names a JSON file with their cookies by arm. Made once for all virtual users. */
export function knownMembers(): Members {
  const file = __ENV.MEMBERS;
  if (!file) return { cookies: {} };
  const arms = targets(__ENV).map(({ name }) => {
    const pool = new SharedArray(`members of ${name}`, () => JSON.parse(open(file))[name] as string[]);
    return [name, pool] as const;
  });
  return { cookies: Object.fromEntries(arms) };
}

/** Puts the cookie of any member into a request, and further headers. */
export function asMember({ cookies }: Members, headers: Record<string, string> = {}): (arm: ArmTarget) => Ask {
  return ({ name }) => {
    const pool = cookies[name] ?? [];
    const cookie = pool[Math.floor(Math.random() * pool.length)];
    return { headers: { ...headers, ...(cookie && { Cookie: cookie }) } };
  };
}

function logIn({ url }: ArmTarget): string[] {
  const logins = Array.from(
    { length: DEMO_MEMBERS },
    (_, i): ObjectBatchRequest => ({
      method: 'POST',
      url: `${url}/login`,
      body: JSON.stringify({ email: memberEmail(i + 1), password: DEMO_PASSWORD }),
      // A jar each: with one for all, a login would bring the session of the one before it along, and end it.
      params: { headers: { 'Content-Type': 'application/json' }, timeout: '60s', jar: new http.CookieJar() },
    }),
  );
  return http.batch(logins).map((answer) => {
    const cookie = /^(?:__Host-)?sid=[^;]+/.exec(answer.headers['Set-Cookie'] ?? '')?.[0];
    if (answer.status !== 200 || !cookie)
      throw new Error(`POST ${url}/login answered ${answer.status}: ${answer.body}`);
    return cookie;
  });
}
