import { randomUUID } from 'node:crypto';
import type { Rig } from '@day90/bench/drill';

/** A sign-up and what came of it. */
export interface Signup {
  email: string;
  /** When it was sent, and when answered, in milliseconds since the load began. */
  at: number;
  end: number;
  /** 0 without an answer. */
  status: number;
  /** By which its jobs are known. */
  requestId: string;
}

const PATIENCE_MS = 10_000;
/** Who has invited them, and so whom they follow: without one there is nobody to recommend. */
const INVITERS = 20;

/** People who sign up beside the load, so many a second, whether the last one was answered or not. */
export class Signups {
  readonly all: Signup[] = [];
  readonly #rig: Pick<Rig, 'instance' | 'now'>;
  readonly #open = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;

  constructor(rig: Pick<Rig, 'instance' | 'now'>) {
    this.#rig = rig;
  }

  /** Those who were told that they are members. */
  get acked(): Signup[] {
    return this.all.filter(({ status }) => status === 201);
  }

  /** How many were sent, answered or not. */
  get sent(): number {
    return this.#sent;
  }

  begin(perSecond: number): void {
    this.#timer = setInterval(() => {
      const sent = this.#send().finally(() => this.#open.delete(sent));
      this.#open.add(sent);
    }, 1000 / perSecond);
  }

  /** Resolves when the last one was answered. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
  }

  async #send(): Promise<void> {
    const email = `drill-${randomUUID()}@day90.test`;
    const at = this.#rig.now();
    const invitedBy = String(1 + (this.#sent % INVITERS));
    this.#sent += 1;
    const answer = await fetch(`${this.#rig.instance.url}/signup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Ada', email, password: 'a password of this drill', invitedBy }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => undefined);
    await answer?.text();
    const requestId = answer?.headers.get('x-request-id') ?? '';
    this.all.push({ email, at, end: this.#rig.now(), status: answer?.status ?? 0, requestId });
  }
}
