import { BadInput } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';

const ANSWER_MS = 15_000;

/** Logs the member in whom every stage has. @returns The cookie. @throws {BadInput} When it is not taken. */
export async function logIn(door: string): Promise<string> {
  const answer = await fetch(new URL('/login', door), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: DEMO_EMAIL, password: DEMO_PASSWORD }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: Error) => error);
  if (answer instanceof Error) throw new BadInput(`nobody could log in to write: ${answer.message}`);
  const cookies = answer.headers.getSetCookie().map((set) => set.split(';', 1)[0]);
  if (answer.status !== 200 || cookies.length === 0)
    throw new BadInput(`nobody could log in to write: POST /login answered ${answer.status}`);
  return cookies.join('; ');
}
