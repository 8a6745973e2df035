/** Asks again until `done` holds of the answer. @throws {Error} When it does not within `ms` milliseconds, with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, done: (answer: T) => boolean, ms = 10_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (performance.now() > end) throw new Error(`Not within ${ms} ms; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
