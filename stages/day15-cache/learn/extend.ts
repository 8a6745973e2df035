import type { Post } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { cachedThings, NEW_POST } from '../src/cached-things.ts';

const VERSIONED = /^v\d+:/;
const things = cachedThings({ CACHE_POST_SECONDS: 1, CACHE_USER_SECONDS: 1, CACHE_POPULAR_SECONDS: 1 });
const tagsOfPopular = (count: number) => {
  const items = Array.from({ length: count }, (_, i) => ({ id: String(i) }) as Post);
  return things.popular.tags?.({ items, next: null }) ?? [];
};

describe('everything that is cached', () => {
  it.each([
    ['a post', things.post('42').key],
    ['the posts of an author', things.postsBy('42').key],
    ['a member', things.user('42').key],
    ['the popular page', things.popular.key],
  ])('has a key with its version: %s', (_what, key) => {
    expect(key).toMatch(VERSIONED);
  });

  it('is still ended by the tags of what is in it', () => {
    expect(tagsOfPopular(20)).toEqual(expect.arrayContaining([things.post('0').key, things.post('19').key]));
    expect(tagsOfPopular(20)).not.toContain(NEW_POST);
  });

  it('is ended by a new post of its own version alone, as long as the list is not full', () => {
    expect(NEW_POST).toMatch(VERSIONED);
    expect(tagsOfPopular(3)).toContain(NEW_POST);
  });
});
