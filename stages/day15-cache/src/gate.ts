import { UnavailableError } from '@day90/core';

/** Lets so many through at once, keeps so many more in line, in the order they came, and turns away everybody else. */
export class Gate {
  readonly #atOnce: number;
  readonly #inLine: number;
  readonly #refusal: string;
  #running = 0;
  readonly #line: (() => void)[] = [];

  /** @param refusal - What those are told who are turned away. */
  constructor(atOnce: number, inLine: number, refusal: string) {
    this.#atOnce = atOnce;
    this.#inLine = inLine;
    this.#refusal = refusal;
  }

  /** Runs `work` when there is room for it. @throws {UnavailableError} When the line is full, too. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else if (this.#line.length >= this.#inLine) throw new UnavailableError(this.#refusal);
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#line.shift(); // takes over the room, so that nobody slips in between
      if (next) next();
      else this.#running -= 1;
    }
  }
}
