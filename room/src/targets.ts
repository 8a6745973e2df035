import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';

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
  const rank = zipfRanks(POSTS, random, skew);
  const targets = Array.from({ length: TARGETS }, () =>
    random() < writes ? write : { method: 'GET', url: `${door}/posts/${idOfRank(rank(), POSTS)}` },
  );
  return targets.map((target) => `${JSON.stringify(target)}\n`).join('');
}
