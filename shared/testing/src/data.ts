import { type Random, sfc32, whole } from './data/prng.ts';
import { bodies, memberName, title } from './data/words.ts';
import { ranksOfIds, zipfRanks } from './data/zipf.ts';

export { harmonic, idOfRank, ranksOfIds, zipfRanks, zipfShare } from './data/zipf.ts';

/** Raised with every change of a row that comes out of here, or of the tables, so that data made before is not taken for the same. */
export const DATA_VERSION = 6;

/** All rows follow from it. */
export const SEED = 'day90';

export type Scale = 'small' | 'medium' | 'full';

/** How many rows there are of each kind, by scale. */
export const SCALES = {
  small: { users: 1_000, posts: 10_000, follows: 20_000 },
  medium: { users: 10_000, posts: 100_000, follows: 200_000 },
  full: { users: 100_000, posts: 1_000_000, follows: 2_000_000 },
} as const satisfies Record<Scale, { users: number; posts: number; follows: number }>;

/** Every seeded member logs in with it: this is play data, and its password is no secret. */
export const DEMO_PASSWORD = 'day90-demo-password';

/**
 * PHC string of {@link DEMO_PASSWORD}, argon2id with m = 19456 KiB, t = 2, p = 1. Made once: a hash costs 30 ms, and
 * 100,000 of them 50 minutes.
 */
const DEMO_PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ZGF5OTAtZml4ZWQtc2FsdA$jgsjomSb4HALJBXzvtKpHfsYgnRHjOztnpm7VwVpwVU';

/** The address of seeded member `id`, from 1 to `SCALES[scale].users`. */
export function memberEmail(id: number): string {
  return `member${id}@day90.test`;
}

export const DEMO_EMAIL = memberEmail(1);

/** Members 1 to this are those whom demos and benches log in; the data holds recommendations for them. */
export const DEMO_MEMBERS = 200;

/** The one of them who may look behind the scenes as well. */
export const ADMIN = 100;
export const ADMIN_EMAIL = memberEmail(ADMIN);

const DAY = 86_400_000;
const PERIOD = 90 * DAY;

/** The end of the data's 90 days: every seeded post is older. Milliseconds since 1970-01-01 UTC, like all times here. */
export const POSTS_END = Date.UTC(2026, 0, 1);
const POSTS_START = POSTS_END - PERIOD;
// Members joined in the 90 days before, so that nobody has written before they joined.
const USERS_START = POSTS_START - PERIOD;

export interface UserRow {
  id: number;
  name: string;
  email: string;
  /** PHC string, the same for all. */
  passwordHash: string;
  avatarUrl: string;
  createdAt: number;
}

export interface PostRow {
  id: number;
  authorId: number;
  title: string;
  body: string;
  views: number;
  createdAt: number;
  updatedAt: number;
}

export interface FollowRow {
  followerId: number;
  followeeId: number;
  createdAt: number;
}

/** Members in the order in which they joined, ids 1, 2, 3 … */
export function* users(scale: Scale): Generator<UserRow> {
  const random = stream('users');
  const count = SCALES[scale].users;
  for (let id = 1; id <= count; id++) {
    yield {
      id,
      name: memberName(random),
      email: memberEmail(id),
      passwordHash: DEMO_PASSWORD_HASH,
      avatarUrl: `/static/avatars/${whole(random, 1, 16)}.svg`,
      createdAt: evenly(random, USERS_START, id, count),
    };
  }
}

/**
 * Posts in the order in which they were written, ids 1, 2, 3 … One in 64 bears the time of the post before it, so that a
 * list without a tie-break is found out. Authors are drawn by Zipf's law, member 1 most often;
 * the post of rank r, {@link idOfRank}, has 5 · posts / r views.
 */
export function* posts(scale: Scale): Generator<PostRow> {
  const random = stream('posts');
  const count = SCALES[scale].posts;
  const members = SCALES[scale].users;
  const author = zipfRanks(members, random);
  const viewRank = ranksOfIds(count);
  const body = bodies(random, 200, 2_000);
  let createdAt = POSTS_START;
  for (let id = 1; id <= count; id++) {
    if (random() >= 1 / 64) createdAt = evenly(random, POSTS_START, id, count);
    yield {
      id,
      authorId: author(),
      title: title(random),
      body: body(),
      views: Math.round((5 * count) / viewRank(id)),
      createdAt,
      // One in ten was changed later.
      updatedAt: random() < 0.1 ? createdAt + Math.floor(random() * (POSTS_END - createdAt)) : createdAt,
    };
  }
}

/** Who follows whom, sorted by follower, then by followee: no pair twice, nobody themselves, followees drawn by Zipf's law. */
export function* follows(scale: Scale): Generator<FollowRow> {
  const random = stream('follows');
  const members = SCALES[scale].users;
  const followee = zipfRanks(members, random);
  const takenBy = new Uint32Array(members + 1);
  let count = 0;
  for (let followerId = 1; followerId <= members; followerId++) {
    // Two neighbours follow 40 together, so that the mean of 20 is exact.
    count = followerId % 2 === 1 ? whole(random, 5, 35) : 40 - count;
    takenBy[followerId] = followerId;
    const chosen: number[] = [];
    while (chosen.length < count) {
      const followeeId = followee();
      if (takenBy[followeeId] === followerId) continue;
      takenBy[followeeId] = followerId;
      chosen.push(followeeId);
    }
    chosen.sort((a, b) => a - b);
    for (const followeeId of chosen) {
      yield { followerId, followeeId, createdAt: POSTS_START + Math.floor(random() * PERIOD) };
    }
  }
}

/** Numbers of their own for each kind of row, so that one kind can change without the others. */
function stream(kind: string): Random {
  return sfc32(`${SEED} ${kind}`);
}

/** The time of row `id` of `count`: one in each of `count` equal parts of the 90 days, so that times rise with the ids. */
function evenly(random: Random, start: number, id: number, count: number): number {
  return start + Math.floor(((id - 1 + random()) * PERIOD) / count);
}
