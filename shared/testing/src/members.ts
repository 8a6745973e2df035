import { DEMO_PASSWORD, memberEmail } from './data.ts';

/**
 * Logs a seeded member in.
 * @returns All the cookies it got, as the `Cookie` header that it sends from then on.
 * @throws {Error} When it is refused.
 */
export async function logIn(url: string, number: number, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    // Kept, it may be closed under the next log-in by a proxy that is reloaded, and nobody sends a POST twice by itself.
    headers: { 'Content-Type': 'application/json', Connection: 'close' },
    body: JSON.stringify({ email: memberEmail(number), password: DEMO_PASSWORD }),
    ...(signal && { signal }),
  });
  await answer.text();
  if (answer.status !== 200) throw new Error(`the login of member ${number} was answered ${answer.status}`);
  return cookiesOf(answer.headers);
}

/** Logs seeded members in one after the other, from member 1 on; their cookies as {@link logIn} has them. */
export async function logInMany(url: string, count: number, signal?: AbortSignal): Promise<string[]> {
  const cookies: string[] = [];
  for (let number = 1; number <= count; number += 1) cookies.push(await logIn(url, number, signal));
  return cookies;
}

/** What a browser sends back of the cookies that an answer sets. */
export function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}
