import { request } from 'node:http';
import type { Rig } from '@day90/bench/drill';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';
import sharp from 'sharp';

/** What came of one picture that was sent, or of one look at it. Status 0: there was no answer. */
export interface Heard {
  status: number;
  at: number;
  ms: number;
  headers: Headers;
  bytes: Buffer;
}

/** Nobody waits longer than that. */
const PATIENCE_MS = 15_000;
/** The load's own members come before it. */
const MEMBER = 9;
const SIDE = 400;
/** Time from a visitor's socket through edge and nginx into an app that has a fifth of a core. */
const ON_THE_WAY_MS = 80;

/** A member who sends pictures and looks at them, beside the load. */
export class Album {
  /** What was sent, and how it was answered. */
  readonly sent: Heard[] = [];
  /** Paths of those that were acknowledged. */
  readonly kept: string[] = [];
  readonly #rig: Rig;
  readonly #file: Buffer;
  readonly #cookie: string;

  private constructor(rig: Rig, file: Buffer, cookie: string) {
    this.#rig = rig;
    this.#file = file;
    this.#cookie = cookie;
  }

  /** Logs the member in. @throws {Error} When that is refused. */
  static async open(rig: Rig): Promise<Album> {
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    const file = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#888', noise } })
      .png()
      .toBuffer();
    const answer = await ask(rig, '/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: memberEmail(MEMBER), password: DEMO_PASSWORD }),
    });
    const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0];
    if (answer.status !== 200 || cookie === undefined) throw new Error(`the login was answered ${answer.status}`);
    return new Album(rig, file, cookie);
  }

  /** Sends one, whole. */
  async send(): Promise<Heard> {
    const headers = { Cookie: this.#cookie, 'Content-Type': 'image/png' };
    const heard = await ask(this.#rig, '/images', { method: 'POST', headers, body: new Uint8Array(this.#file) });
    this.sent.push(heard);
    if (heard.status === 201) this.kept.push(heard.headers.get('location') ?? '');
    return heard;
  }

  /** Sends one after the other until told to end. */
  async sendUntil(ended: () => boolean, pauseMs = 0): Promise<void> {
    while (!ended()) {
      await this.send();
      await this.#rig.sleep(pauseMs);
    }
  }

  /** Sends half of one, and is gone once an app has heard of it. */
  breakOff(): Promise<void> {
    const { hostname, port } = new URL(this.#rig.instance.url);
    return new Promise((resolve) => {
      const headers = { Cookie: this.#cookie, 'Content-Type': 'image/png', 'Content-Length': this.#file.length };
      const half = request({ agent: false, hostname, port, method: 'POST', path: '/images', headers });
      half.once('error', () => undefined); // that it is cut is what is wanted
      half.once('close', resolve);
      half.write(this.#file.subarray(0, this.#file.length / 2), () => setTimeout(() => half.destroy(), ON_THE_WAY_MS));
    });
  }

  look(path: string): Promise<Heard> {
    return ask(this.#rig, path);
  }

  /** How many of those that were acknowledged are not shown whole. */
  async notShown(): Promise<number> {
    let missing = 0;
    for (const path of this.kept) {
      const { status, bytes } = await this.look(path);
      const whole = bytes.toString('latin1', 8, 12) === 'WEBP' && bytes.readUInt32LE(4) + 8 === bytes.length;
      if (status !== 200 || !whole) missing += 1;
    }
    return missing;
  }
}

/** Never rejects. */
async function ask(rig: Rig, path: string, init: RequestInit = {}): Promise<Heard> {
  const at = rig.now();
  try {
    const answer = await fetch(rig.instance.url + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, at, ms: rig.now() - at, headers: answer.headers, bytes };
  } catch {
    return { status: 0, at, ms: rig.now() - at, headers: new Headers(), bytes: Buffer.alloc(0) };
  }
}
