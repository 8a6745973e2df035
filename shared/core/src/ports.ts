import type { Account, ImageName, Page, PageRequest, Post, PostId, User, UserId } from './domain.ts';
import type { Json } from './json.ts';

/** Posts, newest first wherever there is a list. Every method rejects when the store cannot be reached. */
export interface Posts {
  /** @returns The post with its version, or `undefined` when there is none of this id. */
  findById(id: PostId): Promise<Json<Post> | undefined>;
  recent(page: PageRequest): Promise<Json<Page<Post>>>;
  /** @returns One author's posts; an empty page for an author that does not exist. */
  byAuthor(authorId: UserId, page: PageRequest): Promise<Json<Page<Post>>>;
  /** @returns The 20 posts with the most views, most first; `next` is always `null`. */
  popular(): Promise<Json<Page<Post>>>;
  create(authorId: UserId, post: NewPost): Promise<Json<Post>>;
  /**
   * Changes a post of this author.
   * @param ifVersions - Change it only while its version is one of these.
   * @returns `'not_found'` when there is no such post of this author, `'version_mismatch'` when it has another version.
   */
  update(
    id: PostId,
    authorId: UserId,
    changes: PostChanges,
    ifVersions?: string[],
  ): Promise<Json<Post> | 'not_found' | 'version_mismatch'>;
}

export interface NewPost {
  title: string;
  body: string;
}

/** At least one of the two. */
export interface PostChanges {
  title?: string | undefined;
  body?: string | undefined;
}

/** Members and whom they follow. Every method rejects when the store cannot be reached. */
export interface Users {
  findById(id: UserId): Promise<Json<User> | undefined>;
  /** @param email - Lower case, as {@link NewUser} stores it. */
  findByEmail(email: string): Promise<Account | undefined>;
  /** @returns The new member, or `undefined` when the address is taken. */
  create(user: NewUser): Promise<User | undefined>;
  /** Makes `follower` follow `followee`; again is no change. @returns `false` when `followee` does not exist. */
  follow(follower: UserId, followee: UserId): Promise<boolean>;
  /** @returns At most 20 members, the best first, as {@link Recommend} last kept them. */
  recommendations(id: UserId): Promise<Json<Page<User>>>;
  /** Replaces a hash that was made with parameters of the past. */
  setPasswordHash(id: UserId, passwordHash: string): Promise<void>;
}

/**
 * Finds a member's friends of friends over the follow graph, those first whom the most of the member's own follow, and
 * keeps them for {@link Users.recommendations}. Slow by nature, so it is the work of a job.
 */
export type Recommend = (id: UserId) => Promise<void>;

export interface NewUser {
  name: string;
  /** Lower case; unique. */
  email: string;
  passwordHash: string;
}

/** Views of posts, counted aside from the request: a GET never writes. */
export interface Views {
  /** Counts one view. Returns at once; a crash may lose what was not flushed yet. An unknown id counts nothing. */
  add(id: PostId): void;
}

/**
 * Pictures of members by name, each kept once and never changed: whoever holds a copy holds the right one for ever. Every
 * method rejects when the store cannot be reached, and when it is full.
 */
export interface Images {
  /** Keeps the bytes of a picture under a new name, whole or not at all. Resolves once {@link Images.get} finds them. */
  put(name: ImageName, bytes: Buffer): Promise<void>;
  /** @returns `undefined` when there is none of this name. */
  get(name: ImageName): Promise<Buffer | undefined>;
  /** Resolves once there is none of this name, also when there was none. */
  remove(name: ImageName): Promise<void>;
}

/**
 * What is known of the pictures that members have sent. A picture is begun, kept, and noted then: a note never points to nothing,
 * and one that was kept by a process which died before its note is known by its beginning.
 */
export interface Uploads {
  /** @returns Bytes of all pictures that a member has sent. */
  bytesOf(owner: UserId): Promise<number>;
  /** To be committed before the picture is kept. */
  begin(name: ImageName): Promise<void>;
  /**
   * Notes a picture that was begun and is kept.
   * @throws {UnavailableError} When nothing is known of its beginning: it was taken for a left one, and is gone.
   */
  add(upload: Upload): Promise<void>;
}

export interface Upload {
  name: ImageName;
  owner: UserId;
  /** In pixels. */
  width: number;
  height: number;
  /** Size of the file as it is kept. */
  bytes: number;
}

/**
 * Makes a picture of whatever was sent: decoded and drawn anew, so that nothing of the file is left but what can be seen.
 * @throws {DomainError} `unsupported_type` when it is no picture of a kind that is taken, `invalid` when it is broken,
 *   `too_large` when it has too many pixels.
 */
export type Redraw = (file: Buffer) => Promise<Picture>;

/** A picture as it is kept and shown: WebP, whatever it was sent as. */
export interface Picture {
  bytes: Buffer;
  /** In pixels. */
  width: number;
  height: number;
}

/** Slow work that belongs to a request but not to its answer. */
export interface Jobs {
  /** Hands jobs over within the current transaction: rolled back = never done. */
  enqueue(...jobs: Job[]): Promise<void>;
}

/** Every job there is. `name` picks the handler. */
export type Job =
  | { name: 'welcome-mail'; to: string; userName: string }
  | { name: 'account-exists-mail'; to: string }
  | { name: 'recommendations'; userId: UserId }
  | { name: 'picture-sizes'; picture: ImageName };

/** Keeps smaller copies of a picture beside it. Again is no change. */
export type MakeSizes = (picture: ImageName) => Promise<void>;

export interface Mailer {
  /**
   * Resolves when the mail server has accepted the mail. One that was not known to be accepted may have been: who tries
   * again gives it the same id.
   */
  send(mail: Mail): Promise<void>;
}

/** A plain text mail. No field may hold a line break but `text`. */
export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  /** `<…@…>`, by which who receives a mail twice knows it; made up for each sending unless told. */
  messageId?: string;
}

/** Bounds how often something may happen, such as a login for one account. */
export interface RateLimit {
  /**
   * Takes one of `limit` turns that a `key` has in a window.
   * @returns 0 when there was one left, else the seconds until there is one again.
   */
  take(key: string, limit: Limit): Promise<number>;
}

/** So many turns in so many seconds. */
export interface Limit {
  turns: number;
  seconds: number;
}

/** The answers given to requests with an `Idempotency-Key`, so that a retry gets the same one and has no second effect. */
export interface IdempotentAnswers {
  /**
   * Reads the answer kept for a key of this member, or reserves the key for the current transaction.
   * A second request with the key waits for the first one's transaction, or is told `'in_progress'`.
   * @param fingerprint - Of the request; the same key with another one is a client's mistake.
   */
  begin(
    userId: UserId,
    key: string,
    fingerprint: string,
  ): Promise<'new' | 'in_progress' | 'other_request' | StoredAnswer>;
  /** Keeps the answer with the effect, in the same transaction. */
  finish(userId: UserId, key: string, answer: StoredAnswer): Promise<void>;
}

export interface StoredAnswer {
  status: number;
  /** JSON text. */
  body: string;
  version?: string | undefined;
}

/**
 * Somebody for whom a database is read that has copies, each of which may be behind. A position is a text that says how much
 * a database has seen; of two, the greater text is the later one.
 */
export interface Reader {
  /** What a copy must have reached to be read; empty when any will do. Asked when a database is about to be read. */
  floor(): Promise<string>;
  /** Notes where a database stood once something had been read there, or written. Awaited before it is answered. */
  saw(position: string): Promise<void>;
}

/**
 * Runs `work` in a transaction of the store behind it, and calls it again when the store asks for that (a lock that is
 * held, a serialisation failure): work must not have effects outside the store.
 * Called by `transaction()` in `context.ts` only.
 */
export type Transactor = <T>(work: (handle: unknown) => Promise<T>) => Promise<T>;
