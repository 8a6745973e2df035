import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlDatabase } from 'stage-1';
import type { BucketMap } from './bucket-map.ts';
import { readMap, UnknownMap } from './directory.ts';

const RETRY_MS = 250;

/** The bucket map as this process knows it: read once, and again when a shard says that it is old. */
export class KnownMap {
  /** Resolves with why it can never be used. */
  readonly broken: Promise<string>;
  readonly #directory: SqlDatabase;
  #map: BucketMap | undefined;
  #reading: Promise<BucketMap> | undefined;
  #closed = false;

  /** @param directory - May come up long after this. */
  constructor(directory: SqlDatabase) {
    this.#directory = directory;
    this.broken = this.#firstReading();
  }

  /** @throws {UnavailableError} Until the directory was reached once. */
  async get(): Promise<BucketMap> {
    return this.#map ?? this.reread();
  }

  /** Reads it anew; those who ask at the same time share one question. @throws {UnavailableError} */
  reread(): Promise<BucketMap> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  close(): void {
    this.#closed = true;
  }

  async #read(): Promise<BucketMap> {
    const map = await readMap(this.#directory);
    // Two answers may cross: an older one must not take the place of a newer one.
    if (!this.#map || map.version > this.#map.version) this.#map = map;
    return this.#map;
  }

  async #firstReading(): Promise<string> {
    while (!this.#closed && !this.#map) {
      try {
        await this.reread();
      } catch (error) {
        if (error instanceof UnknownMap) return error.message;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    return new Promise(() => {});
  }
}
