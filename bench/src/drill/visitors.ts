import { fileURLToPath } from 'node:url';
import type { Guardian } from '@day90/infra';
import { GuardedChild } from '../paced/guarded-child.ts';
import type { DrillRun } from './drill-run.ts';
import type { Member } from './members.ts';
import type { Visited, VisitorsStart, VisitorsTell } from './visitors-words.ts';

const PROCESS = fileURLToPath(new URL('./visitors-process.ts', import.meta.url));

/**
 * Who loads a stage while a drill breaks it: a process of their own. In that of the launcher, which stands still for a tenth of
 * a second when it starts a database, what was due meanwhile would be sent late, and look slow.
 */
export class Visitors {
  /** As they stand now: a session that is gone is replaced. */
  members: readonly Member[] = [];
  /** When their load began, on this process' clock of `performance.now()`. */
  startedAt = Number.NaN;
  readonly #child: GuardedChild;
  readonly #begun = Promise.withResolvers<void>();
  /** All that they sent and wrote; rejects with why they can't go on. */
  readonly ended: Promise<Visited>;

  private constructor(child: GuardedChild) {
    this.#child = child;
    this.ended = this.#listen();
    this.ended.catch(() => {}); // told to whoever waits for the beginning or the end
  }

  /**
   * Logs members in, and begins the load.
   * @throws {Error} When a member can't log in; the signal's reason when that was aborted.
   */
  static async begin(
    { stage, drill: { number }, scale, quick }: DrillRun,
    { url, ...around }: { url: string; guardian: Guardian; signal: AbortSignal },
  ): Promise<Visitors> {
    const start: VisitorsStart = { url, stage, number, scale, quick };
    const visitors = new Visitors(new GuardedChild(PROCESS, { args: [JSON.stringify(start)], ...around }));
    await Promise.race([visitors.#begun.promise, visitors.ended]);
    return visitors;
  }

  /**
   * Sends no more, waits for all answers, and holds the books against what is there.
   * @throws {Error} When a request could not even be made, or their process has ended; the signal's reason when that was aborted.
   */
  end(): Promise<Visited> {
    this.#child.tell({ stop: true });
    return this.ended;
  }

  async #listen(): Promise<Visited> {
    for (;;) {
      const word = (await this.#child.next()) as VisitorsTell;
      if ('problem' in word) throw new Error(word.problem);
      if ('members' in word) this.members = word.members;
      if ('begunAt' in word) this.#begin(word);
      if ('records' in word) return word;
    }
  }

  #begin({ begunAt }: { begunAt: string }): void {
    this.startedAt = performance.now() - Number(process.hrtime.bigint() - BigInt(begunAt)) / 1e6;
    this.#begun.resolve();
  }
}
