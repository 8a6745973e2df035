import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/**
 * Logs seeded members in, from member 1 on.
 * @returns Of each, all the cookies it got: that of its session, and that by which it finds its own writes.
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
    cookies.push(cookiesOf(answer.headers));
  }
  return cookies;
}

/** What a browser sends back of the cookies that an answer sets. */
export function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}
