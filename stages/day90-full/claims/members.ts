import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** Settings of an app whose members all log in from one address. */
export const MANY_LOGINS = { LOGIN_TURNS_PER_MINUTE: '1000', LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000' };

/**
 * Logs seeded members in, from member 1 on.
 * @returns Of each the `Cookie` header that it sends from then on.
 * @throws {Error} When one is refused.
 */
export async function logIn(url: string, count: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const answer = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: memberEmail(n), password: DEMO_PASSWORD }),
    });
    if (answer.status !== 200) throw new Error(`POST /login answered ${answer.status}`);
    cookies.push(
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';', 1)[0])
        .join('; '),
    );
  }
  return cookies;
}
