import { SCALES } from '@day90/testing/data';

/** The smallest seeded data has so many. */
const POSTS = SCALES.small.posts;
/** Sent one after the other, and from the first one on again. */
const TARGETS = 5000;
const WRITTEN = { title: 'From the control room', body: 'Written by its traffic.' };

/** What requests are to be like. */
export interface TargetOptions {
  door: string;
  /** The share that writes a post. */
  writes: number;
  /** Exponent of Zipf's law for those that read one. */
  skew: number;
  /** The cookie of those that write. */
  session: string;
}

/** Targets for vegeta, a line of JSON each. @see https://github.com/tsenart/vegeta#json-format */
export function targetLines({ door, writes, skew, session }: TargetOptions, random = Math.random): string {
  const write = {
    ...{ method: 'POST', url: `${door}/posts`, body: Buffer.from(JSON.stringify(WRITTEN)).toString('base64') },
    header: { 'Content-Type': ['application/json'], Cookie: [session] },
  };
  const targets = skewedPosts(skew, random).map((post) =>
    random() < writes ? write : { method: 'GET', url: `${door}/posts/${post}` },
  );
  return targets.map((target) => `${JSON.stringify(target)}\n`).join('');
}

/**
 * Numbers of posts as visitors ask for them, the popular ones more often.
 * @param skew - Exponent of Zipf's law: 0 asks for all alike, 1 for the second half as often as for the first.
 * @see https://en.wikipedia.org/wiki/Zipf%27s_law
 */
export function skewedPosts(skew: number, random: () => number = Math.random): number[] {
  const sums: number[] = [];
  for (let post = 1; post <= POSTS; post += 1) sums.push((sums.at(-1) ?? 0) + post ** -skew);
  const all = sums.at(-1) ?? 1;
  return Array.from({ length: TARGETS }, () => placeIn(sums, random() * all) + 1);
}

/** Index of the first that is above `value`. */
function placeIn(sums: number[], value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
