import type { Images } from '@day90/core';

/** Time that a cache of a disk might hold a write for, in milliseconds. */
const BEHIND_MS = 300;

/** Says of a picture that it is kept before it is, as a cache in front of a store does. */
export function behindImages(images: Images): Images {
  return {
    async put(name, bytes) {
      setTimeout(() => void images.put(name, bytes).catch(() => undefined), BEHIND_MS);
    },
    get: (name) => images.get(name),
    remove: (name) => images.remove(name),
  };
}
