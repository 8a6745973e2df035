/** A server that is frozen must not hold up the look at all others. */
export const ANSWER_MS = 800;

/** @throws When it takes longer than {@link ANSWER_MS}. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a page of this machine says as JSON; undefined when it does not answer in time. */
export async function jsonFrom(url: string): Promise<unknown> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).json();
  } catch {
    return undefined;
  }
}
