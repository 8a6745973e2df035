import type { Rig } from '@day90/bench/drill';
import { ask, type Heard } from './visitor.ts';

const LOOK_EVERY_MS = 200;

/** Asks each box after its health, one question after the other, past whatever stands in front of it. */
export class Health {
  readonly alive: Heard[] = [];
  readonly #ready: Heard[][];
  readonly #rig: Rig;
  readonly #loops: Promise<void>[];
  #ended = false;

  constructor(rig: Rig, boxes: readonly string[]) {
    this.#rig = rig;
    this.#ready = boxes.map(() => []);
    this.#loops = boxes.flatMap((box, i) => [
      this.#look(box, '/livez', this.alive),
      this.#look(box, '/readyz', this.#ready[i] as Heard[]),
    ]);
  }

  /** Asks no more. Resolves when the last questions are answered. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#loops);
  }

  /** From when on each box said 503 to `/readyz`, until `to`; infinite where one did not. On the clock of the load. */
  unreadySince(to: number): number {
    const since = this.#ready.map((heard) => {
      const answers = heard.filter(({ at, ms }) => at + ms < to);
      const first = answers[answers.findLastIndex(({ status }) => status !== 503) + 1];
      return first ? first.at + first.ms : Number.POSITIVE_INFINITY;
    });
    return Math.max(...since);
  }

  async #look(box: string, path: string, heard: Heard[]): Promise<void> {
    const url = `http://127.0.0.1:${this.#rig.instance.box(box).port}${path}`;
    while (!this.#ended) {
      heard.push(await ask(this.#rig, url));
      await this.#rig.sleep(LOOK_EVERY_MS);
    }
  }
}
