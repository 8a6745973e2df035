import { type DuetRequest, seededRandom } from '@day90/bench';
import { idOfRank, SCALES, type Scale, zipfRanks } from '@day90/testing/data';

/** One request of so many writes a post: the guide's 90/10. */
export const WRITES_IN = 10;
/** Of ten requests so many are a member's: one writes, one asks who it is, one reads what all may. */
const [WRITE, ME, AS_MEMBER] = [0, 1, 2];

/**
 * What a public does, in a fixed order: a tenth are new posts by members, a tenth ask who they are, the others read posts,
 * authors' pages, the popular list and the feed, as the k6 journeys do (80, 10, 7 and 3 of a hundred); ids by Zipf's law.
 * @param cookies - Of members who are logged in.
 */
export function mixedJourney(
  { scale, seed }: { scale: Scale; seed: number },
  cookies: readonly string[],
  count: number,
): DuetRequest[] {
  const random = seededRandom(seed);
  const { posts, users } = SCALES[scale];
  const [post, user] = [zipfRanks(posts, random), zipfRanks(users, random)];
  const read = () => {
    const turn = random();
    if (turn < 0.8) return `/posts/${idOfRank(post(), posts)}`;
    if (turn < 0.9) return `/users/${idOfRank(user(), users)}/posts`;
    return turn < 0.97 ? '/posts/popular' : '/posts?limit=100';
  };
  return Array.from({ length: count }, (_, n): DuetRequest => {
    const turn = n % WRITES_IN;
    const headers = { Cookie: cookies[Math.floor(n / WRITES_IN) % cookies.length] as string };
    if (turn === WRITE) return { method: 'POST', path: '/posts', headers, body: newPost(n) };
    if (turn === ME) return { path: '/me', headers };
    return { path: read(), headers: turn === AS_MEMBER ? headers : {} };
  });
}

function newPost(n: number) {
  return { title: `Written under load, ${n}`, body: 'What a member has to say. '.repeat(20) };
}
