import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import type { MeasureContext } from '../claim.ts';
import type { Asked } from '../closed-loop.ts';
import { seededRandom } from '../statistics/seeded-random.ts';

/** So many may log in from one address within a minute. */
export const WRITERS = 10;

/** Paths as the public asks for them, in the shares of the k6 journey `publicReads`: single posts most of the time. */
export function publicPaths({ scale, seed }: Pick<MeasureContext, 'scale' | 'seed'>): () => string {
  const random = seededRandom(seed);
  const { posts, users } = SCALES[scale];
  const [postRank, userRank] = [zipfRanks(posts, random), zipfRanks(users, random)];
  return () => {
    const turn = random();
    if (turn < 0.8) return `/posts/${idOfRank(postRank(), posts)}`;
    if (turn < 0.9) return `/users/${idOfRank(userRank(), users)}/posts`;
    return turn < 0.97 ? '/posts/popular' : '/posts?limit=100';
  };
}

/** Posts of members who are logged in, by turns. */
export function newPosts(cookies: readonly string[]): () => Asked {
  let sent = 0;
  return () => {
    sent += 1;
    const body = JSON.stringify({ title: 'Written to be measured', body: 'What a member has to say. '.repeat(20) });
    const headers = { 'Content-Type': 'application/json', Cookie: cookies[sent % cookies.length] ?? '' };
    return { path: '/posts', method: 'POST', headers, body };
  };
}
