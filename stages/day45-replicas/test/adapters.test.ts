import type { Posts, Users } from '@day90/core';
import {
  describePosts,
  describeUsers,
  FakePosts,
  FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
} from '@day90/testing';
import { describe, expect, it } from '@jest/globals';
import { splitPosts, splitUsers } from 'stage-4';

async function rig() {
  const store = new FakeStore();
  return {
    transactor: store.transactor,
    posts: splitPosts(new FakePosts(store), new FakePosts(store)),
    users: splitUsers(new FakeUsers(store), new FakeUsers(store)),
    views: new FakeViews(store),
    recommend: fakeRecommend(store),
  };
}

describePosts('splitPosts', rig);
describeUsers('splitUsers', rig);

/** A repository that says of each call by which of the two it was taken, and how it was asked. */
function telling<T extends object>(side: string): T {
  return new Proxy({} as T, {
    get:
      (_, method) =>
      (...args: unknown[]) => [side, method, ...args],
  });
}

describe('of each method', () => {
  const posts = splitPosts(telling<Posts>('writes'), telling<Posts>('reads'));
  const users = splitUsers(telling<Users>('writes'), telling<Users>('reads'));
  const page = { limit: 20 };
  const member = { name: 'Ada', email: 'ada@day90.test', passwordHash: 'hash' };

  it.each([
    ['reads', 'findById', posts.findById('1'), ['1']],
    ['reads', 'recent', posts.recent(page), [page]],
    ['reads', 'byAuthor', posts.byAuthor('1', page), ['1', page]],
    ['reads', 'popular', posts.popular(), []],
    ['writes', 'create', posts.create('1', { title: 't', body: 'b' }), ['1', { title: 't', body: 'b' }]],
    ['writes', 'update', posts.update('1', '2', { title: 't' }, ['3']), ['1', '2', { title: 't' }, ['3']]],
    ['reads', 'findById', users.findById('1'), ['1']],
    ['writes', 'findByEmail', users.findByEmail(member.email), [member.email]],
    ['writes', 'create', users.create(member), [member]],
    ['writes', 'follow', users.follow('1', '2'), ['1', '2']],
    ['reads', 'recommendations', users.recommendations('1'), ['1']],
    ['writes', 'setPasswordHash', users.setPasswordHash('1', 'hash'), ['1', 'hash']],
  ])('%s take %s', async (side, method, answer, args) => {
    expect(await answer).toEqual([side, method, ...args]);
  });
});
