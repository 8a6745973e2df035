import type { ImageName, Images, MakeSizes } from '@day90/core';
import sharp from 'sharp';

/** Longest sides, in pixels: a list of pictures, and a phone. A name with another number is none of ours, see `imageName` of core. */
const SIDES = [320, 960];
const WEBP = { quality: 80, effort: 2 };
/** A worker has a fifth of a core, and the picture is one that was drawn here before: 2,048 pixels at most. */
const MOST_SECONDS = 30;

/**
 * Keeps smaller copies of a picture beside it: `<name>-320.webp` for `<name>.webp`. One that is smaller anyway is kept as it is
 * under that name, so that whoever links to a copy need not know. Made again they are left alone: a name is for one picture for ever.
 */
export function pictureSizes(images: Images): MakeSizes {
  return async (picture) => {
    const bytes = await images.get(picture);
    if (!bytes) throw new Error(`There is no picture ${picture}.`);
    for (const side of SIDES) {
      const name = copyOf(picture, side);
      if (await images.get(name)) continue;
      const copy = await sharp(bytes)
        .timeout({ seconds: MOST_SECONDS })
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .webp(WEBP)
        .toBuffer();
      await images.put(name, copy);
    }
  };
}

function copyOf(picture: ImageName, side: number): ImageName {
  return picture.replace(/\.webp$/, `-${side}.webp`);
}
