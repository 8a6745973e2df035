import { currentContext, DomainError, type Picture, type Redraw, UnavailableError } from '@day90/core';
import { fileTypeFromBuffer } from 'file-type';
import sharp, { type Metadata } from 'sharp';

const TAKEN = new Set(['image/png', 'image/jpeg', 'image/webp']);
/** Of what is sent: a photo has 12 to 24 million, and its longer side some thousand. */
const MOST_PIXELS = 40_000_000;
const MOST_SIDE = 12_000;
/** A picture that is sent in passes, each finer than the one before, is decoded whole: of these 12 million are the most. */
const WEIGHT_IN_PASSES = 40 / 12;
/** Of what is kept: enough for any screen. */
const SIDE = 2_048;
const WEBP = { quality: 80, effort: 2 };
/** A box has a fifth of a core: a photo of 12 million takes it a second or two. */
const MOST_SECONDS = 5;

// One thread for one picture at a time, and nothing kept for the next one: a box has neither the cores nor the memory.
sharp.concurrency(1);
sharp.cache(false);
// Of some twenty formats that libvips would read, among them SVG and PDF, it reads these three, whatever the bytes look like.
// https://sharp.pixelplumbing.com/api-utility/#block
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'] });

/**
 * Draws pictures anew as WebP, turned as the camera was held and 2,048 pixels at most on each side, without a word of what
 * the file said beside its pixels (place, time, camera, thumbnail, whatever lay behind its end). Of an animation the first
 * picture is left. One at a time; those that wait have been let in by the route.
 */
export function sharpRedraw(): Redraw {
  let last: Promise<unknown> = Promise.resolve();
  return (file) => {
    const { deadline = Number.POSITIVE_INFINITY } = currentContext() ?? {};
    const drawn = last.then(() => {
      // Nobody would wait for its end, and those behind it would wait for it.
      if (performance.now() + MOST_SECONDS * 1000 > deadline) throw new UnavailableError('Others are being drawn.');
      return redraw(file);
    });
    last = drawn.catch(() => {});
    return drawn;
  };
}

async function redraw(file: Buffer): Promise<Picture> {
  const type = await fileTypeFromBuffer(file);
  if (!type || !TAKEN.has(type.mime)) throw new DomainError('unsupported_type', 'This is no PNG, JPEG or WebP.');
  // Read from the head of the file, before any of its pixels is decoded.
  checkSize(await sharp(file, { limitInputPixels: false }).metadata().catch(notWhole));
  const { data, info } = await sharp(file, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })
    .timeout({ seconds: MOST_SECONDS })
    .autoOrient()
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .webp(WEBP)
    .toBuffer({ resolveWithObject: true })
    .catch(notWhole);
  return { bytes: data, width: info.width, height: info.height };
}

/** What is decoded at once grows with the width of a line, with bits, and with all pixels where they come in passes. */
function checkSize({ width, height, depth, isProgressive }: Metadata): void {
  const weight = depth === 'ushort' ? 2 : 1;
  const pixels = width * height * weight * (isProgressive ? WEIGHT_IN_PASSES : 1);
  if (pixels > MOST_PIXELS || Math.max(width, height) * weight > MOST_SIDE) {
    throw new DomainError('too_large', `A picture of ${width} × ${height} pixels is too large to be drawn here.`);
  }
}

/** Its own words may tell of libraries and their versions. */
function notWhole(error: unknown): never {
  if (error instanceof Error && error.message.startsWith('timeout:')) {
    throw new DomainError('too_large', `The picture takes longer than ${MOST_SECONDS} s to be drawn here.`, {
      cause: error,
    });
  }
  const fields = [{ path: '', message: 'is no whole picture' }];
  throw new DomainError('invalid', 'The picture can not be drawn.', { fields, cause: error });
}
