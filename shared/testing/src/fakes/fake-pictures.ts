import {
  DomainError,
  type ImageName,
  type Images,
  type Redraw,
  UnavailableError,
  type Upload,
  type Uploads,
} from '@day90/core';
import { PICTURES } from '../pictures.ts';
import type { FakeStore } from './fake-store.ts';

/** Keeps pictures in memory. */
export class FakeImages implements Images {
  readonly kept = new Map<ImageName, Buffer>();

  async put(name: ImageName, bytes: Buffer): Promise<void> {
    if (this.kept.has(name)) throw new Error(`There is a picture ${name} already.`);
    this.kept.set(name, bytes);
  }

  async get(name: ImageName): Promise<Buffer | undefined> {
    return this.kept.get(name);
  }

  async remove(name: ImageName): Promise<void> {
    this.kept.delete(name);
  }
}

/** Notes uploads in memory. */
export class FakeUploads implements Uploads {
  readonly #store: FakeStore;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  async bytesOf(owner: string): Promise<number> {
    const own = [...this.#store.read().uploads.values()].filter((upload) => upload.owner === owner);
    return own.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  begin(name: ImageName): Promise<void> {
    return this.#store.write(({ pending }) => void pending.add(name));
  }

  add(upload: Upload): Promise<void> {
    return this.#store.write(({ uploads, pending }) => {
      if (!pending.delete(upload.name)) throw new UnavailableError('The picture was given up meanwhile.');
      uploads.set(upload.name, upload);
    });
  }
}

/** Knows the pictures of the contract by their bytes, and draws the same one for each of them. */
export const fakeRedraw: Redraw = async (file) => {
  const known = Object.values(PICTURES).some((bytes) => bytes.equals(file));
  if (!known) throw new DomainError('unsupported_type', 'This is no picture of the contract.');
  return { bytes: PICTURES['image/webp'], width: 3, height: 2 };
};
