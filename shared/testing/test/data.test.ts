import { argon2Sync, createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sfc32 } from '../src/data/prng.ts';
import {
  DEMO_EMAIL,
  DEMO_PASSWORD,
  follows,
  idOfRank,
  POSTS_END,
  posts,
  ranksOfIds,
  SCALES,
  users,
  zipfRanks,
  zipfShare,
} from '../src/data.ts';

const members = [...users('small')];
const written = [...posts('small')];
const followed = [...follows('small')];

describe('the seeded data', () => {
  it('is the same on every machine', () => {
    const hash = createHash('sha256');
    for (const row of [...members, ...written, ...followed]) hash.update(`${JSON.stringify(row)}\n`);
    // Another checksum is another data set: raise DATA_VERSION with it.
    expect(hash.digest('hex')).toBe('18a913a46a08e9728befee5fc895bf1103c05cba4eb954d63573aed6641cf827');
  });

  it('has the rows that its scale promises, with ids from 1 up', () => {
    expect(members.map((user) => user.id)).toEqual(Array.from({ length: SCALES.small.users }, (_, i) => i + 1));
    expect(written.map((post) => post.id)).toEqual(Array.from({ length: SCALES.small.posts }, (_, i) => i + 1));
    expect(followed).toHaveLength(SCALES.small.follows);
  });

  it('gives every member an address of their own', () => {
    expect(new Set(members.map((user) => user.email)).size).toBe(members.length);
    expect(members[0]?.email).toBe(DEMO_EMAIL);
  });

  it('logs every member in with the demo password', () => {
    const [, , , parameters, salt, tag] = members[7]?.passwordHash.split('$') ?? [];
    const hash = argon2Sync('argon2id', {
      message: DEMO_PASSWORD,
      nonce: Buffer.from(salt ?? '', 'base64'),
      parallelism: 1,
      tagLength: 32,
      memory: 19_456,
      passes: 2,
    });
    expect(parameters).toBe('m=19456,t=2,p=1');
    expect(hash.toString('base64').replace(/=+$/, '')).toBe(tag);
  });

  it('writes bodies of 200 to 2,000 characters, about 780 on average', () => {
    const lengths = written.map((post) => post.body.length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2_000);
    expect(lengths.reduce((a, b) => a + b, 0) / lengths.length).toBeCloseTo(780, -1.5);
  });

  it('spreads the posts over 90 days, oldest first, some at the same millisecond', () => {
    const times = written.map((post) => post.createdAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBeLessThan(times.length - 100);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(89.9 * 86_400_000);
    expect(times.at(-1)).toBeLessThan(POSTS_END);
    const joined = new Map(members.map((user) => [user.id, user.createdAt]));
    expect(written.every((post) => post.createdAt > (joined.get(post.authorId) ?? Infinity))).toBe(true);
    expect(written.every((post) => post.updatedAt >= post.createdAt && post.updatedAt < POSTS_END)).toBe(true);
  });

  it("draws authors by Zipf's law", () => {
    const counts = countBy(written.map((post) => post.authorId));
    for (const [first, last] of [
      [1, 1],
      [2, 2],
      [3, 5],
      [6, 20],
      [21, 100],
      [101, 1_000],
    ] as const) {
      const expected = ranks(first, last).reduce((sum, rank) => sum + zipfShare(rank, 1_000), 0) * written.length;
      const seen = ranks(first, last).reduce((sum, rank) => sum + (counts.get(rank) ?? 0), 0);
      // Five standard deviations of a count with this mean.
      expect(Math.abs(seen - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it("gives the posts views by Zipf's law", () => {
    const views = new Map(written.map((post) => [post.id, post.views]));
    expect([1, 2, 10, 10_000].map((rank) => views.get(idOfRank(rank, 10_000)))).toEqual([50_000, 25_000, 5_000, 5]);
  });

  it('lets 20 members a head be followed, nobody twice by the same, nobody by themselves', () => {
    expect(new Set(followed.map((row) => `${row.followerId} ${row.followeeId}`)).size).toBe(followed.length);
    expect(followed.some((row) => row.followerId === row.followeeId)).toBe(false);
    const followers = countBy(followed.map((row) => row.followeeId));
    const top = followers.get(1) ?? 0;
    const middle = ranks(401, 600).reduce((sum, rank) => sum + (followers.get(rank) ?? 0), 0) / 200;
    // A pair counts once, which flattens the top: most follow rank 1, where s = 1 alone would say 500 times as many as rank 500.
    expect(top).toBeGreaterThan(800);
    expect(middle).toBeLessThan(12);
  });

  it.each([0.8, 1, 1.2])("draws ranks by Zipf's law with s = %d", (s) => {
    const draws = 100_000;
    const next = zipfRanks(1_000, sfc32('ranks'), s);
    const counts = countBy(Array.from({ length: draws }, next));
    for (const rank of [1, 2, 3, 10, 100]) {
      const expected = zipfShare(rank, 1_000, s) * draws;
      expect(Math.abs((counts.get(rank) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('scatters ranks over ids one to one', () => {
    for (const n of [1_000, 10_000, 100_000]) {
      const rankOf = ranksOfIds(n);
      const ids = ranks(1, n).map((rank) => idOfRank(rank, n));
      expect(new Set(ids).size).toBe(n);
      expect(ids.every((id, i) => id >= 1 && id <= n && rankOf(id) === i + 1)).toBe(true);
    }
  });
});

function ranks(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function countBy(ids: number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
