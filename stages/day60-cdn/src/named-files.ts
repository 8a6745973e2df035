import { Json, type Posts, type Users } from '@day90/core';
import type { StaticFiles } from './static-files.ts';

/** Only as a key of its own: within a text of somebody's each of these quotes has a backslash before it. */
const AVATAR = /"avatarUrl":"(\/static\/[^"]+)"/g;

/** Calls pictures of authors by their lasting names, in the text: to parse a page and print it again would cost more than the rest. */
export function namedPosts(posts: Posts, files: StaticFiles): Posts {
  const name = named(files);
  return {
    findById: async (id) => name.ifThere(await posts.findById(id)),
    recent: async (page) => name.all(await posts.recent(page)),
    byAuthor: async (authorId, page) => name.all(await posts.byAuthor(authorId, page)),
    popular: async () => name.all(await posts.popular()),
    create: async (authorId, post) => name.all(await posts.create(authorId, post)),
    async update(id, authorId, changes, ifVersions) {
      const updated = await posts.update(id, authorId, changes, ifVersions);
      return typeof updated === 'string' ? updated : name.all(updated);
    },
  };
}

/** As {@link namedPosts}, for members. */
export function namedUsers(users: Users, files: StaticFiles): Users {
  const name = named(files);
  return {
    findById: async (id) => name.ifThere(await users.findById(id)),
    async findByEmail(email) {
      const account = await users.findByEmail(email);
      if (!account) return undefined;
      return { ...account, user: { ...account.user, avatarUrl: files.nameOf(account.user.avatarUrl) } };
    },
    async create(newUser) {
      const user = await users.create(newUser);
      return user && { ...user, avatarUrl: files.nameOf(user.avatarUrl) };
    },
    follow: (follower, followee) => users.follow(follower, followee),
    recommendations: async (id) => name.all(await users.recommendations(id)),
    setPasswordHash: (id, passwordHash) => users.setPasswordHash(id, passwordHash),
  };
}

function named(files: StaticFiles) {
  const all = <T>(json: Json<T>): Json<T> =>
    Json.fromText(
      json.text.replace(AVATAR, (_all, path: string) => `"avatarUrl":"${files.nameOf(path)}"`),
      json.version,
    );
  const ifThere = <T>(json: Json<T> | undefined): Json<T> | undefined => json && all(json);
  return { all, ifThere };
}
