import { type Json, type Page, type Post, type Posts, UnavailableError } from '@day90/core';

/** Posts as whoever forgets that a shard can be away has them: a list needs all of them. */
export function needsAll(posts: Posts): Posts {
  return {
    findById: (id) => posts.findById(id),
    recent: async (page) => whole(await posts.recent(page)),
    popular: async () => whole(await posts.popular()),
    byAuthor: (authorId, page) => posts.byAuthor(authorId, page),
    create: (authorId, post) => posts.create(authorId, post),
    update: (id, authorId, changes, ifVersions) => posts.update(id, authorId, changes, ifVersions),
  };
}

function whole(page: Json<Page<Post>>): Json<Page<Post>> {
  if (page.value.partial) throw new UnavailableError('A shard is away.');
  return page;
}
