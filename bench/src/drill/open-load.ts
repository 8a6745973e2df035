import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Call, HttpClient } from './http-client.ts';
import type { Journey } from './journeys.ts';
import { type Kind, PUBLIC_READS } from './kinds.ts';
import type { Members } from './members.ts';
import type { Sent } from './records.ts';

interface LoadOptions {
  client: HttpClient;
  members: Members;
  journeys: Record<Kind, () => Journey>;
  /** Requests a second. */
  rate: number;
  mix: Partial<Record<Kind, number>>;
  random: () => number;
  /** See {@link Drill.resends}. */
  resends?: boolean | undefined;
  signal: AbortSignal;
}

/**
 * An open load: requests are due at a fixed rate whether those before were answered or not, as visitors come who know
 * nothing of one another. A drill's few hundred a second cost less than a tenth of a core.
 */
export class OpenLoad {
  readonly records: Sent[] = [];
  readonly #startedAt = performance.now();
  /** How many requests were due, counted by the clock alone. */
  offered = 0;
  /** Longest time by which a request was sent after it was due, in milliseconds. */
  latestMs = 0;
  readonly #options: LoadOptions;
  readonly #pending = new Set<Promise<void>>();
  readonly #pick: () => Kind;
  readonly #arriving: Promise<void>;
  #stopped = false;
  /** Why a request could not even be made. */
  #problem: unknown;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#pick = picker(options.mix, options.random);
    this.#arriving = this.#arrive();
  }

  #now(): number {
    return performance.now() - this.#startedAt;
  }

  /**
   * Sends no more, and waits for all answers.
   * @throws {Error} When a request could not even be made.
   */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#arriving;
    await Promise.all(this.#pending);
    if (this.#problem !== undefined) throw this.#problem;
  }

  async #arrive(): Promise<void> {
    const gap = 1000 / this.#options.rate;
    for (let n = 0; ; n += 1) {
      const due = n * gap;
      const wait = due - this.#now();
      // Rounded up: a timer cuts the fraction off, and what is sent too early looks fast.
      if (wait > 0) await sleep(Math.ceil(wait));
      if (this.#stopped || this.#problem !== undefined || this.#options.signal.aborted) return;
      this.offered = n + 1;
      this.latestMs = Math.max(this.latestMs, this.#now() - due);
      const one = this.#send(due)
        .catch((error: unknown) => {
          this.#problem ??= error;
        })
        .finally(() => this.#pending.delete(one));
      this.#pending.add(one);
    }
  }

  async #send(at: number): Promise<void> {
    const kind = this.#pick();
    const journey = this.#options.journeys[kind]();
    const { about } = journey;
    const record: Sent = { kind, at, status: 0, phase: 'warm-up', ...(about !== undefined && { about }) };
    this.records.push(record);
    const cookie = journey.member?.cookie ?? '';
    const answer = await this.#ask(journey.call, record);
    const end = this.#now();
    journey.done?.(answer, end);
    Object.assign(record, { end, ...judged(kind, journey, answer) });
    if (answer.status === 401 && journey.member) this.#options.members.expired(journey.member, cookie);
  }

  async #ask(call: Call, record: Sent): Promise<Answer> {
    const { client, resends } = this.#options;
    const from = this.#now();
    const answer = await client.send(call);
    if (!answer.cut) return answer;
    record.cutAfterMs = this.#now() - from;
    return resends && mayBeSentTwice(call) ? client.send({ ...call, fresh: true }) : answer;
  }
}

function mayBeSentTwice({ method, headers }: Call): boolean {
  return method !== 'POST' || headers?.['Idempotency-Key'] !== undefined;
}

/** What became of a request. For a public read anything but the page that was asked for is a failure. */
function judged(kind: Kind, journey: Journey, answer: Answer): Partial<Sent> {
  const { status, headers, error } = answer;
  const seen: Partial<Sent> = { status };
  if (typeof headers['x-served-by'] === 'string') seen.box = headers['x-served-by'];
  if (typeof headers['server-timing'] === 'string') seen.timing = headers['server-timing'];
  if (headers['retry-after'] !== undefined) seen.retryAfter = Number(headers['retry-after']);
  if (status === 200 || status === 201) {
    const why = journey.fault(answer);
    return why === undefined ? { ...seen, outcome: 'ok' } : { ...seen, outcome: 'failed', why };
  }
  const refused = status >= 400 && status < 500 && !PUBLIC_READS.includes(kind);
  return { ...seen, outcome: refused ? 'refused' : 'failed', why: error ?? `status ${status}` };
}

/** Draws kinds in their shares. */
function picker(mix: Partial<Record<Kind, number>>, random: () => number): () => Kind {
  const shares = Object.entries(mix) as [Kind, number][];
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  return () => {
    let point = random() * total;
    for (const [kind, share] of shares) {
      point -= share;
      if (point < 0) return kind;
    }
    return (shares.at(-1) as [Kind, number])[0];
  };
}
