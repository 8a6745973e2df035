/** A connection that is made when it is first needed, and anew after it has failed. */
export class KeptClient<C> {
  readonly #connect: () => Promise<C>;
  readonly #end: (client: C) => void;
  #client: C | undefined;

  constructor(connect: () => Promise<C>, end: (client: C) => void) {
    this.#connect = connect;
    this.#end = end;
  }

  /** @returns Undefined when it can't be asked, or does not answer. */
  async ask<T>(work: (client: C) => Promise<T>): Promise<T | undefined> {
    try {
      this.#client ??= await this.#connect();
      return await work(this.#client);
    } catch {
      this.close();
      return undefined;
    }
  }

  close(): void {
    if (this.#client !== undefined) this.#end(this.#client);
    this.#client = undefined;
  }
}
