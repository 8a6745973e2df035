import session from 'express-session';

/** Sessions kept at most; beyond, the one unused for longest is ended. A session takes about 1 kB. */
const MAX_SESSIONS = 50_000;

/**
 * Sessions in the memory of this process: gone at a restart, unknown to any other process.
 * express-session's own MemoryStore never drops an expired session that nobody asks for again, so it grows for ever.
 * @param now - Clock in milliseconds since 1970.
 */
export function memorySessions(now: () => number = Date.now): session.Store {
  return new MemorySessions(now);
}

class MemorySessions extends session.Store {
  // In order of last use, and so of expiry, since every session lives equally long from its last use on.
  readonly #sessions = new Map<string, { text: string; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  override get(sid: string, callback: (error: unknown, session?: session.SessionData | null) => void): void {
    const entry = this.#sessions.get(sid);
    const alive = entry && entry.expiresAt > this.#now();
    setImmediate(callback, null, alive ? JSON.parse(entry.text) : null);
  }

  override set(sid: string, data: session.SessionData, callback?: (error?: unknown) => void): void {
    this.#sessions.delete(sid);
    this.#sessions.set(sid, { text: JSON.stringify(data), expiresAt: this.#now() + (data.cookie.originalMaxAge ?? 0) });
    this.#dropOld();
    if (callback) setImmediate(callback);
  }

  override touch(sid: string, data: session.SessionData, callback?: () => void): void {
    const entry = this.#sessions.get(sid);
    if (entry) {
      this.#sessions.delete(sid);
      this.#sessions.set(sid, { ...entry, expiresAt: this.#now() + (data.cookie.originalMaxAge ?? 0) });
    }
    if (callback) setImmediate(callback);
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    this.#sessions.delete(sid);
    if (callback) setImmediate(callback);
  }

  #dropOld(): void {
    for (const [sid, { expiresAt }] of this.#sessions) {
      if (expiresAt > this.#now() && this.#sessions.size <= MAX_SESSIONS) return;
      this.#sessions.delete(sid);
    }
  }
}
