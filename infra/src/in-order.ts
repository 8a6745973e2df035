/**
 * Runs `work` for every name, each as soon as those it waits for are done; what is independent runs side by side.
 * @param waitsFor - Names that must be done before; no circles.
 */
export async function inOrder(
  names: string[],
  waitsFor: (name: string) => string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const runs = new Map<string, Promise<void>>();
  const run = (name: string): Promise<void> => {
    const known = runs.get(name);
    if (known) return known;
    const promise = Promise.all(waitsFor(name).map(run)).then(() => work(name));
    runs.set(name, promise);
    return promise;
  };
  await Promise.all(names.map(run));
}
