/** Makes something for each shard, once, when it is first asked for: such as its prepared statements. */
export function perShard<T>(make: (shard: number) => T): ((shard: number) => T) & { made(): T[] } {
  const all = new Map<number, T>();
  const of = (shard: number) => {
    const there = all.get(shard);
    if (there !== undefined) return there;
    const made = make(shard);
    all.set(shard, made);
    return made;
  };
  return Object.assign(of, { made: () => [...all.values()] });
}
