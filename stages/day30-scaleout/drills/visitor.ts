import type { Rig } from '@day90/bench/drill';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** An answer, with when it was asked for and how long it took, in milliseconds. Status 0: there was none. */
export interface Heard {
  status: number;
  at: number;
  ms: number;
  headers: Headers;
  text: string;
}

/** Nobody waits longer than that; nginx itself gives up before. */
const PATIENCE_MS = 15_000;

/** A seeded member who does one thing after the other, beside the load. */
export class Visitor {
  readonly id: string;
  cookie = '';
  readonly #rig: Rig;

  /** @param id - From 9 on: those before it are the load's own members. */
  constructor(rig: Rig, id: number) {
    this.#rig = rig;
    this.id = String(id);
  }

  /** Logs in, and keeps the cookie when that was accepted. */
  async logIn(): Promise<Heard> {
    const heard = await this.send('POST', '/login', { email: memberEmail(Number(this.id)), password: DEMO_PASSWORD });
    const cookie = cookieOf(heard);
    if (heard.status === 200 && cookie !== undefined) this.cookie = cookie;
    return heard;
  }

  /** Never rejects. */
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Heard> {
    return ask(this.#rig, `${this.#rig.instance.url}${path}`, {
      method,
      headers: { Cookie: this.cookie, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** The cookie that an answer sets, without its attributes. */
export function cookieOf({ headers }: Heard): string | undefined {
  return headers.get('set-cookie')?.split(';', 1)[0];
}

/** A request beside the load, to any port. Never rejects. */
export async function ask(rig: Rig, url: string, init: RequestInit = {}): Promise<Heard> {
  const at = rig.now();
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await answer.text();
    return { status: answer.status, at, ms: rig.now() - at, headers: answer.headers, text };
  } catch {
    return { status: 0, at, ms: rig.now() - at, headers: new Headers(), text: '' };
  }
}
