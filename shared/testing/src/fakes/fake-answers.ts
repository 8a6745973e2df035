import type { IdempotentAnswers, StoredAnswer } from '@day90/core';
import { FakeStore } from './fake-store.ts';

/** Answers to requests with an `Idempotency-Key`, in memory. Must run within `transaction()`, like the real ones. */
export class FakeAnswers implements IdempotentAnswers {
  readonly #store: FakeStore;

  constructor(store = new FakeStore()) {
    this.#store = store;
  }

  async begin(
    userId: string,
    key: string,
    fingerprint: string,
  ): Promise<'new' | 'in_progress' | 'other_request' | StoredAnswer> {
    return this.#store.write(({ answers }) => {
      const kept = answers.get(`${userId} ${key}`);
      if (!kept) {
        answers.set(`${userId} ${key}`, { fingerprint });
        return 'new';
      }
      if (kept.fingerprint !== fingerprint) return 'other_request';
      return kept.answer ?? 'in_progress';
    });
  }

  async finish(userId: string, key: string, answer: StoredAnswer): Promise<void> {
    await this.#store.write(({ answers }) => {
      const kept = answers.get(`${userId} ${key}`);
      if (!kept) throw new Error(`FakeAnswers: finish() without begin() for key ${key}`);
      answers.set(`${userId} ${key}`, { ...kept, answer });
    });
  }
}
