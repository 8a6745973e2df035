import { BEYOND_COPIES, later, type Reader } from '@day90/core';
import type { ClientName } from './client-cookie.ts';
import type { Positions } from './positions.ts';

/**
 * A client during one request: it is shown no less than it has written or was shown before, by whichever box.
 *
 * Where its position can't be had, since Redis is out of reach or has lost it, it reads the primary: what it must see is not
 * known then, and there all of it is. The position of its last write comes with its cookie, too, so that a write stays its
 * own though Redis could not take it down.
 *
 * A position only grows. To let a client go once *a* replica has what it wrote, as GitLab did, sends its next read to the
 * replica that has not. https://gitlab.com/gitlab-org/gitlab/-/issues/413203
 */
export class ClientReader implements Reader {
  readonly #positions: Positions;
  readonly #name: ClientName | undefined;
  #stored: Promise<string> | undefined;
  /** What Redis is known to have. */
  #kept = '';
  #position: string;
  #lost = false;

  /** @param name - `undefined` for whoever has none yet, and so has seen nothing that would have to be shown again. */
  constructor(positions: Positions, name: ClientName | undefined) {
    this.#positions = positions;
    this.#name = name;
    this.#position = name?.position ?? '';
  }

  /** The latest position that it has seen, as far as this request knows. */
  get position(): string {
    return this.#position;
  }

  /** Whether Redis lacks a position that it has seen. */
  get lost(): boolean {
    return this.#lost;
  }

  async floor(): Promise<string> {
    this.#stored ??= this.#look();
    return later(await this.#stored, this.#position);
  }

  async saw(position: string): Promise<void> {
    this.#position = later(this.#position, position);
    if (!this.#name || position <= this.#kept) return;
    try {
      await this.#positions.raise(this.#name.id, position);
      this.#kept = later(this.#kept, position);
      this.#stored = Promise.resolve(this.#kept);
    } catch {
      this.#lost = true;
    }
  }

  async #look(): Promise<string> {
    if (!this.#name) return '';
    const stored = await this.#positions.get(this.#name.id).catch(() => undefined);
    this.#kept = later(this.#kept, stored ?? '');
    return stored ?? BEYOND_COPIES;
  }
}
