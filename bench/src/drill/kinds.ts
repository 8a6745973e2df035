/** What visitors do in a drill. `author` is the first page of a member's posts; `create` and `keyed` write a post, without and with an `Idempotency-Key`; `update` sends `If-Match`. */
export type Kind = 'post' | 'feed' | 'popular' | 'user' | 'author' | 'me' | 'create' | 'keyed' | 'update';

/** The reads that need no session. */
export const PUBLIC_READS: readonly Kind[] = ['post', 'feed', 'popular', 'user', 'author'];
/** The kinds that the ledger keeps books of. */
export const WRITES: readonly Kind[] = ['create', 'keyed', 'update'];
