/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/**
 * sfc32, the "small fast counter" generator of PractRand with 128 bits of state: the same numbers on every machine, and
 * fast enough to draw for a million posts in less than a second.
 * @param seed - Any text; texts that differ give streams that have nothing to do with one another.
 * @see https://pracrand.sourceforge.net/ — Chris Doty-Humphrey's sfc, in its 32-bit form
 */
export function sfc32(seed: string): Random {
  let [a, b, c] = hash3(seed);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  // The reference implementation throws the first 12 numbers away, until the seed has reached all of the state.
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Three words of state from a text: FNV-1a over its characters, then MurmurHash3's finalizer for each word. */
function hash3(text: string): [number, number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const word = (salt: number) => {
    let h = hash + Math.imul(salt, 0x9e3779b9);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  };
  return [word(1), word(2), word(3)];
}

/** A whole number from `from` to `to`, both included. */
export function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}
