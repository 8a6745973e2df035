import { randomBytes, randomUUID } from 'node:crypto';
import type { Images } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

export interface ImagesRig {
  images: Images;
  /** Releases everything; called once, after the last test. */
  close?(): Promise<void>;
}

/** The contract of `Images`: what was kept comes back as it was, under its name and no other, and is never replaced. */
export function describeImages(name: string, makeRig: () => Promise<ImagesRig>): void {
  describe(`${name} as Images`, () => {
    let rig: ImagesRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const newName = () => `${randomUUID()}.webp`;

    it.each([1, 60, 100_000, 5 * 1024 * 1024])('gives back the %i bytes that were kept', async (size) => {
      const [image, bytes] = [newName(), randomBytes(size)];
      await rig.images.put(image, bytes);
      expect((await rig.images.get(image))?.equals(bytes)).toBe(true);
      expect((await rig.images.get(image))?.equals(bytes)).toBe(true);
    });

    it('has nothing under a name that was not given', async () => {
      expect(await rig.images.get(newName())).toBeUndefined();
    });

    it('has nothing any more of what was removed, however often, and the others as before', async () => {
      const [image, other, bytes] = [newName(), newName(), randomBytes(1_000)];
      for (const name of [image, other]) await rig.images.put(name, bytes);
      for (const name of [image, image, newName()]) await rig.images.remove(name);
      expect(await rig.images.get(image)).toBeUndefined();
      expect((await rig.images.get(other))?.equals(bytes)).toBe(true);
    });

    it('keeps many at once apart', async () => {
      const all = Array.from({ length: 20 }, () => ({ image: newName(), bytes: randomBytes(1_000) }));
      await Promise.all(all.map(({ image, bytes }) => rig.images.put(image, bytes)));
      for (const { image, bytes } of all) expect((await rig.images.get(image))?.equals(bytes)).toBe(true);
    });

    it('never puts another picture in the place of one that is there: copies of it are kept for a year', async () => {
      const [image, first] = [newName(), randomBytes(1_000)];
      await rig.images.put(image, first);
      await expect(rig.images.put(image, randomBytes(1_000))).rejects.toThrow();
      expect((await rig.images.get(image))?.equals(first)).toBe(true);
    });
  });
}
