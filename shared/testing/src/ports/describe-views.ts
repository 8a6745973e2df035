import { transaction } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import type { PostsRig } from './describe-posts.ts';
import { inRequest, newMember } from './request.ts';

/** The contract of `Views`: counted within two seconds, and no change of the post. */
export function describeViews(name: string, makeRig: () => Promise<PostsRig>): void {
  describe(`${name} as Views`, () => {
    let rig: PostsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const newPost = async () => {
      const authorId = await newMember(rig);
      return inRequest(rig, () => transaction(() => rig.posts.create(authorId, { title: 'Title', body: 'Body' })));
    };
    const read = (id: string) => inRequest(rig, () => rig.posts.findById(id));
    const viewed = (id: string, views: number) =>
      eventually(
        () => read(id),
        (post) => post?.value.views === views,
      );

    it('adds every view of every post', async () => {
      const [first, second] = [await newPost(), await newPost()];
      for (let i = 0; i < 100; i++) rig.views.add(first.value.id);
      for (let i = 0; i < 7; i++) rig.views.add(second.value.id);
      await viewed(first.value.id, 100);
      await viewed(second.value.id, 7);
      rig.views.add(first.value.id);
      await viewed(first.value.id, 101);
    });

    it('leaves version and time of the post, so that no editor is told of a conflict', async () => {
      const { value, version } = await newPost();
      rig.views.add(value.id);
      const post = await viewed(value.id, 1);
      expect(post).toMatchObject({ value: { ...value, views: 1 }, version });
    });

    it('counts nothing for a post that does not exist, and goes on', async () => {
      const { value } = await newPost();
      rig.views.add('9223372036854775807');
      rig.views.add(value.id);
      await viewed(value.id, 1);
      expect(await read('9223372036854775807')).toBeUndefined();
    });
  });
}
