// As a local: jest looks a global up anew each time, at ten times the cost.
const { imul } = Math;

/**
 * Numbers in [0, 1), the same ones for the same seed on every machine: mulberry32.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c — the generator and its author's tests
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
