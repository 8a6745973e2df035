/**
 * Waits for all of them, also when one fails: what the others run must not outlive the call.
 * @throws The first failure.
 */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
