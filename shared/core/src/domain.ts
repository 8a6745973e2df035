/** Decimal digits of a positive 64-bit integer. A string, since JSON numbers lose whole numbers above 2^53. */
export type PostId = string;
/** Decimal digits of a positive 64-bit integer, a string for the same reason as {@link PostId}. */
export type UserId = string;

/** A name that nobody can guess, given by the app: `<uuid>.webp`. Nothing of it comes from whoever sent the picture. */
export type ImageName = string;

/** What a post shows of its author. */
export interface Author {
  id: UserId;
  name: string;
  avatarUrl: string;
}

/** A post as the public sees it. Times are ISO 8601, UTC. */
export interface Post {
  id: PostId;
  title: string;
  body: string;
  createdAt: string;
  updatedAt: string;
  /** Counted views, behind by a second at most: they are added up in the process and flushed together. */
  views: number;
  author: Author;
}

/** A member as the public sees them: never the e-mail address, never the password hash. */
export interface User {
  id: UserId;
  name: string;
  avatarUrl: string;
  createdAt: string;
}

/** A member as login and signup need them; never leaves the server. */
export interface Account {
  user: User;
  email: string;
  /** PHC string, see `passwords.ts`. */
  passwordHash: string;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page, to be sent back as `before`; `null` on the last page. */
  next: string | null;
  /** Some of it could not be had: a part of the data is out of reach. */
  partial?: true;
}

/** Which page of a list is asked for: the `limit` newest items older than `before`. */
export interface PageRequest {
  limit: number;
  before?: Cursor | undefined;
}

/** A place in a list that is sorted by `createdAt`, then by `id`, so that equal times still have one order. */
export interface Cursor {
  /** Milliseconds since 1970-01-01 UTC. */
  createdAt: number;
  id: string;
}
