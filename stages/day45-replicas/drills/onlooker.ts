import { lookAgain, type Rig } from '@day90/bench/drill';

const LOOK_EVERY_MS = 25;

/** Somebody without a cookie who loads the newest posts all the time, and notes which database answered. */
export class Onlooker {
  readonly #rig: Rig;
  readonly #seen: { at: number; node: string }[] = [];
  readonly end: () => Promise<void>;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.end = lookAgain(rig, LOOK_EVERY_MS, () => this.#look());
  }

  /** When a database answered for the last time between two moments; the first of them when it never did. */
  last(node: string, from: number, to: number): number {
    return Math.max(
      from,
      ...this.#seen.filter((one) => one.node === node && one.at >= from && one.at < to).map(({ at }) => at),
    );
  }

  /** When it answered for the first time after a moment; endless when it never did. */
  first(node: string, from: number): number {
    return Math.min(...this.#seen.filter((one) => one.node === node && one.at >= from).map(({ at }) => at));
  }

  async #look(): Promise<void> {
    const at = this.#rig.now();
    const { headers } = await this.#rig.get('/posts?limit=1');
    const node = /dbnode;desc="([^"]+)"/.exec(String(headers['server-timing']))?.[1];
    if (node !== undefined) this.#seen.push({ at, node });
  }
}
