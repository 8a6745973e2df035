import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './http-client.ts';
import { type Audit, audit, type Ledger } from './ledger.ts';
import type { Member } from './members.ts';
import { storedPosts } from './own-posts.ts';

interface Settling {
  client: HttpClient;
  members: readonly Member[];
  ledger: Ledger;
  /** From before the first write. */
  since: Date;
  /** Time that lists have to show what was written, where they come from a copy, in milliseconds. */
  patienceMs: number;
  signal: AbortSignal;
}

const AGAIN_MS = 500;

/**
 * Asks after every keyed write whose fate is unknown, by sending it again, as its client would; then holds the books
 * against what is there.
 * @returns Undefined when the posts could not be read.
 */
export async function settle({
  client,
  members,
  ledger,
  since,
  patienceMs,
  signal,
}: Settling): Promise<Audit | undefined> {
  for (const write of ledger.writes.filter(({ key, fate }) => key !== undefined && fate === 'unknown')) {
    const headers = { Cookie: write.member.cookie, 'Idempotency-Key': write.key as string };
    ledger.close(write, await client.send({ method: 'POST', path: '/posts', headers, body: ledger.bodyOf(write) }));
  }
  const changed = ledger.writes.flatMap(({ kind, id }) => (kind === 'update' && id !== undefined ? [id] : []));
  const end = Date.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const stored = await storedPosts(client, members, changed, since).catch(() => undefined);
    const found = stored && audit(ledger.writes, stored);
    const clean = found && [found.lost, found.doubled, found.ghosts].every((writes) => writes.length === 0);
    if (clean || Date.now() > end) return found;
    await sleep(AGAIN_MS);
  }
}
