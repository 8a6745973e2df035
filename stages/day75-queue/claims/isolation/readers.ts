import type { Scale } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';

interface Reading {
  /** Requests a second. */
  rate: number;
  seconds: number;
  scale: Scale;
  random: () => number;
  signal: AbortSignal;
}

/**
 * Opens pages as a public does, each at its time whatever came of those before it.
 * @returns How long each took from when it was due, in milliseconds.
 * @throws {Error} For any other answer than the one asked for.
 */
export async function readFor(url: string, { rate, seconds, scale, random, signal }: Reading): Promise<number[]> {
  const next = pages(scale, random);
  const startedAt = performance.now();
  const took: number[] = [];
  const sent = Array.from({ length: Math.round(rate * seconds) }, async (_, i) => {
    const due = startedAt + (i * 1000) / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const path = next();
    const answer = await fetch(url + path, { signal });
    await answer.text();
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}`);
    took.push(performance.now() - due);
  });
  await Promise.all(sent);
  return took;
}

/** Mostly single posts, then authors, and now and then a list. */
function pages(scale: Scale, random: () => number): () => string {
  const { posts, users } = SCALES[scale];
  const [post, user] = [zipfRanks(posts, random), zipfRanks(users, random)];
  return () => {
    const draw = random();
    if (draw < 0.7) return `/posts/${idOfRank(post(), posts)}`;
    if (draw < 0.85) return `/users/${idOfRank(user(), users)}/posts`;
    return draw < 0.93 ? '/posts/popular' : '/posts?limit=20';
  };
}
