import { BadInput } from '@day90/infra';
import { logIn as logInAs } from '@day90/testing/members';

const ANSWER_MS = 15_000;
const DEMO_MEMBER = 1;

/** Logs the member in whom every stage has. @returns The cookie. @throws {BadInput} When it is not taken. */
export async function logIn(door: string): Promise<string> {
  return logInAs(door, DEMO_MEMBER, AbortSignal.timeout(ANSWER_MS)).catch((error: Error) => {
    throw new BadInput(`nobody could log in to write: ${error.message}`);
  });
}
