import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import type { BucketMap } from './bucket-map.ts';
import { readMap, UnknownMap } from './directory.ts';

const RETRY_MS = 250;

/** The bucket map as this process knows it: read once, and again when a shard says that it is old. */
export class KnownMap {
  /** Resolves with why it can never be used, at the first reading or at a later one. */
  readonly broken: Promise<string>;
  readonly #directory: SqlDatabase;
  readonly #break: (why: string) => void;
  #map: BucketMap | undefined;
  #reading: Promise<BucketMap> | undefined;
  #closed = false;

  /** @param directory - May come up long after this. */
  constructor(directory: SqlDatabase) {
    this.#directory = directory;
    const broken = Promise.withResolvers<string>();
    this.broken = broken.promise;
    this.#break = broken.resolve;
    void this.#firstReading();
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
    try {
      this.#map = await readMap(this.#directory);
      return this.#map;
    } catch (error) {
      if (!(error instanceof UnknownMap)) throw error;
      this.#break(error.message);
      throw new UnavailableError('The bucket map can’t be read.', { cause: error });
    }
  }

  async #firstReading(): Promise<void> {
    while (!this.#closed && !this.#map) {
      await this.reread().catch(() => sleep(RETRY_MS, undefined, { ref: false }));
    }
  }
}
