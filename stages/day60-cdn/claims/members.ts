import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** A seeded member's session, as the `Cookie` header that they send. */
export async function logIn(url: string, n: number): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: memberEmail(n), password: DEMO_PASSWORD }),
  });
  if (answer.status !== 200) throw new Error(`the login of member ${n} was answered ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
