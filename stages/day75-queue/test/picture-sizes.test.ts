import { randomUUID } from 'node:crypto';
import type { Images, Job } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { pictureSizes } from 'stage-6';
import { sizedPictures } from 'stage-6/app';

/** A store in memory, that a name is put into once. */
function memoryImages() {
  const kept = new Map<string, Buffer>();
  const images: Images = {
    async put(name, bytes) {
      if (kept.has(name)) throw new Error(`${name} is there`);
      kept.set(name, bytes);
    },
    get: async (name) => kept.get(name),
    remove: async (name) => void kept.delete(name),
  };
  return { kept, images };
}

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .webp()
    .toBuffer();

/** Of each picture, by what its name ends with. */
async function sizesOf(kept: Map<string, Buffer>) {
  const all = [...kept].map(async ([name, bytes]) => {
    const { width, height } = await sharp(bytes).metadata();
    return [name.slice(36), [width, height]];
  });
  return Object.fromEntries(await Promise.all(all));
}

describe('pictureSizes', () => {
  it('keeps a copy for each side beside the picture, in its proportions', async () => {
    const { kept, images } = memoryImages();
    const name = `${randomUUID()}.webp`;
    await images.put(name, await drawn(2000, 1000));
    await pictureSizes(images)(name);
    expect(await sizesOf(kept)).toEqual({ '.webp': [2000, 1000], '-320.webp': [320, 160], '-960.webp': [960, 480] });
  });

  it('enlarges none', async () => {
    const { kept, images } = memoryImages();
    const name = `${randomUUID()}.webp`;
    await images.put(name, await drawn(100, 400));
    await pictureSizes(images)(name);
    expect(await sizesOf(kept)).toEqual({ '.webp': [100, 400], '-320.webp': [80, 320], '-960.webp': [100, 400] });
  });

  it('goes on where a try before has ended, and changes nothing that is there', async () => {
    const { kept, images } = memoryImages();
    const name = `${randomUUID()}.webp`;
    await images.put(name, await drawn(2000, 1000));
    const first = Buffer.from('made before');
    await images.put(name.replace('.webp', '-320.webp'), first);
    await pictureSizes(images)(name);
    await pictureSizes(images)(name);
    expect(kept.get(name.replace('.webp', '-320.webp'))).toBe(first);
    expect(kept.size).toBe(3);
  });

  it('fails where the picture is not there, so that it is tried again', async () => {
    await expect(pictureSizes(memoryImages().images)(`${randomUUID()}.webp`)).rejects.toThrow('There is no picture');
  });
});

describe('sizedPictures', () => {
  it('has copies made of what is noted, after the note', async () => {
    const done: (string | Job)[] = [];
    const { images } = memoryImages();
    const uploads = {
      bytesOf: async () => 7,
      begin: async (name: string) => void done.push(`begin ${name}`),
      add: async ({ name }: { name: string }) => void done.push(name),
    };
    const redraw = () => Promise.reject(new Error('not asked'));
    const jobs = { enqueue: async (...all: Job[]) => void done.push(...all) };
    const sized = sizedPictures({ images, uploads, redraw }, jobs);
    await sized.uploads.begin('a.webp');
    await sized.uploads.add({ name: 'a.webp', owner: '1', width: 1, height: 1, bytes: 1 });
    expect(done).toEqual(['begin a.webp', 'a.webp', { name: 'picture-sizes', picture: 'a.webp' }]);
    expect(await sized.uploads.bytesOf('1')).toBe(7);
  });
});
