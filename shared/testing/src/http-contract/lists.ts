import type { Page, Post } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import type { ContractRig } from './contract-rig.ts';

/** Pages: newest first, by keyset, nothing twice and nothing left out. */
export function describeLists(rig: ContractRig): void {
  describe('lists of posts', () => {
    it('walks from page to page without a hole or a double, newest first', async () => {
      await somePosts(rig, 12);
      // Of many posts some are of the same millisecond: a page ends between two of those sooner or later.
      const byTens = await walk(rig, '/posts', 10, 300);
      const bySevens = await walk(rig, '/posts', 7, 300);
      expect(bySevens.slice(0, byTens.length)).toEqual(byTens.slice(0, bySevens.length));
      expect(byTens).toEqual([...byTens].sort(newestFirst));
      expect(new Set(byTens.map((post) => post.id)).size).toBe(byTens.length);
    });

    it('goes on where a page ended though posts were written meanwhile', async () => {
      await somePosts(rig, 8);
      const first = await rig.postPage('/posts?limit=3');
      const whole = await rig.postPage('/posts?limit=8');
      await rig.newPost(await rig.member(0));
      const second = await rig.postPage(`/posts?limit=5&before=${first.next}`);
      expect([...first.items, ...second.items].map(idOf)).toEqual(whole.items.map(idOf));
    });

    it('has 20 posts in a page unless another number is asked for', async () => {
      await somePosts(rig, 21);
      expect((await rig.postPage('/posts')).items).toHaveLength(20);
      expect((await rig.postPage('/posts?limit=1')).items).toHaveLength(1);
      expect((await rig.postPage('/posts?limit=100')).items.length).toBeGreaterThan(20);
    });

    it("lists one author's posts, and ends with `next: null`", async () => {
      const author = await rig.newMember();
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.unshift((await rig.newPost(author)).id);
      const first = await rig.postPage(`/users/${author.id}/posts?limit=2`);
      const second = await rig.postPage(`/users/${author.id}/posts?limit=2&before=${first.next}`);
      expect([first.items.map(idOf), second.items.map(idOf)]).toEqual([ids.slice(0, 2), ids.slice(2)]);
      expect(second.next).toBeNull();
      expect(first.items[0]?.author.id).toBe(author.id);
    });

    it('has an empty page for an author who has written nothing', async () => {
      const author = await rig.newMember();
      expect(await rig.postPage(`/users/${author.id}/posts`)).toEqual({ items: [], next: null });
    });

    it('lists the 20 most viewed posts, the most viewed first', async () => {
      await somePosts(rig, 20);
      const { items, next } = await rig.postPage('/posts/popular');
      expect(items).toHaveLength(20);
      expect(next).toBeNull();
      expect(items.map((post) => post.views)).toEqual(items.map((post) => post.views).sort((a, b) => b - a));
    });

    it('ignores query keys it does not know', async () => {
      expect(await rig.postPage('/posts?limit=2&utm_source=mail&limit[]=9&__proto__[polluted]=1')).toEqual(
        await rig.postPage('/posts?limit=2'),
      );
    });

    it.each(['0', '101', '1e9', '1000000000', '-1', '1.5', 'ten', '', '5&limit=6', '%00'])(
      'refuses limit=%s',
      async (limit) => {
        expect((await rig.send(`GET /posts?limit=${limit}`)).status).toBe(400);
      },
    );

    it.each(['', '1', '_', '0_0', '1_1_1', 'abc', '1_99999999999999999999', "1_1'--"])(
      'refuses before=%s',
      async (before) => {
        expect((await rig.send(`GET /posts?before=${encodeURIComponent(before)}`)).status).toBe(400);
      },
    );
  });
}

/** Makes sure that there are `count` posts at least. */
async function somePosts(rig: ContractRig, count: number): Promise<void> {
  const author = await rig.member(0);
  const { items } = await rig.postPage('/posts?limit=100');
  for (let missing = count - items.length; missing > 0; missing--) await rig.newPost(author);
}

async function walk(rig: ContractRig, path: string, limit: number, most: number): Promise<Post[]> {
  const posts: Post[] = [];
  let page: Page<Post> = await rig.postPage(`${path}?limit=${limit}`);
  posts.push(...page.items);
  while (page.next !== null && posts.length < most) {
    expect(page.items).toHaveLength(limit);
    page = await rig.postPage(`${path}?limit=${limit}&before=${encodeURIComponent(page.next)}`);
    posts.push(...page.items);
  }
  return posts;
}

function newestFirst(a: Post, b: Post): number {
  return Date.parse(b.createdAt) - Date.parse(a.createdAt) || Number(BigInt(b.id) - BigInt(a.id));
}

function idOf(post: Post): string {
  return post.id;
}
