import { DomainError } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { sharpRedraw } from '../src/redraw.ts';
import { emptyPng, noise, packedTextPng } from './pictures.ts';

const redraw = sharpRedraw();
const SCRIPT = '<script>alert(1)</script>';
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${SCRIPT}</svg>`;

/** What it is refused by, or `taken`. */
const codeOf = (file: Buffer) =>
  redraw(file).then(
    () => 'taken',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );

describe('sharpRedraw', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('draws a %s anew as WebP', async (format) => {
    const { bytes, width, height } = await redraw(await noise(300, 200).toFormat(format).toBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 300, height: 200 });
    expect([width, height]).toEqual([300, 200]);
  });

  it('leaves nothing of what the file tells beside its pixels: place, camera, profile, texts', async () => {
    const file = await noise(60, 40)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'canary' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 30/1' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">canary</x:xmpmeta>')
      .withIccProfile('p3')
      .toBuffer();
    expect(file.includes('canary') && (await sharp(file).metadata()).exif !== undefined).toBe(true);
    const { bytes } = await redraw(file);
    const { exif, xmp, icc, iptc } = await sharp(bytes).metadata();
    expect([exif, xmp, icc, iptc, bytes.includes('canary')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      false,
    ]);
  });

  it('turns it as the camera was held, since what said so is gone', async () => {
    const file = await noise(60, 40)
      .jpeg()
      .withExif({ IFD0: { Orientation: '6' } })
      .toBuffer();
    expect(await redraw(await sharp(file).withMetadata({ orientation: 6 }).toBuffer())).toMatchObject({
      width: 40,
      height: 60,
    });
  });

  it('makes a large one smaller, a small one no larger, and takes the first of an animation', async () => {
    expect(await redraw(await noise(3000, 1500).jpeg().toBuffer())).toMatchObject({ width: 2048, height: 1024 });
    expect(await redraw(await noise(3, 2).png().toBuffer())).toMatchObject({ width: 3, height: 2 });
    const raw = { width: 10, height: 20, channels: 3, pageHeight: 10 } as const;
    const frames = await noise(10, 20).raw().toBuffer();
    const animation = await sharp(frames, { raw })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    expect(await redraw(animation)).toMatchObject({ width: 10, height: 10 });
  });

  it('leaves nothing of what was hidden in or behind a picture', async () => {
    const png = await noise(20, 20).png().toBuffer();
    for (const file of [
      Buffer.concat([png, Buffer.from(`<!doctype html>${SCRIPT}`)]),
      packedTextPng(png, 100),
      Buffer.concat([await noise(20, 20).jpeg().toBuffer(), Buffer.from('PK a JAR')]),
    ]) {
      const { bytes } = await redraw(file);
      expect(/script|a JAR|AAAA/.test(bytes.toString('latin1'))).toBe(false);
    }
  });

  it.each([
    ['HTML', Buffer.from(`<!doctype html>${SCRIPT}`), 'unsupported_type'],
    ['SVG', Buffer.from(SVG), 'unsupported_type'],
    ['SVG behind an XML head', Buffer.from(`<?xml version="1.0"?>\n${SVG}`), 'unsupported_type'],
    ['GIF', Buffer.from('47494638396101000100000000002c000000000100010000020144003b', 'hex'), 'unsupported_type'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'unsupported_type'],
    ['nothing', Buffer.alloc(0), 'unsupported_type'],
    ['SVG behind the first bytes of a PNG', Buffer.from(`\x89PNG\r\n\x1a\n${SVG}`, 'latin1'), 'unsupported_type'],
    ['SVG behind the first bytes of a JPEG', Buffer.from(`\xff\xd8\xff${SVG}`, 'latin1'), 'invalid'],
    ['50,000 × 50,000 pixels in 300 kB', emptyPng(50_000, 50_000), 'too_large'],
    ['a line of 60,000 pixels', emptyPng(60_000, 1), 'too_large'],
    ['no pixels', emptyPng(0, 0), 'invalid'],
  ])('refuses %s', async (_what, file, code) => {
    expect(await codeOf(file)).toBe(code);
  });

  it.each(['png', 'jpeg', 'webp'] as const)('refuses a %s that is cut off, wherever', async (format) => {
    const file = await noise(300, 200).toFormat(format).toBuffer();
    for (const bytes of [200, file.length >> 1, file.length - 20]) {
      expect(await codeOf(file.subarray(0, bytes))).toBe('invalid');
    }
  });

  it('counts pixels twice that have 16 bits a colour, and thrice that come in passes', async () => {
    const deep = (width: number) => noise(width, 10).toColourspace('rgb16').png().toBuffer();
    expect([await codeOf(await deep(6_000)), await codeOf(await deep(6_100))]).toEqual(['taken', 'too_large']);
    const flat = (side: number, progressive: boolean) =>
      sharp({ create: { width: side, height: side, channels: 3, background: '#345' } })
        .jpeg({ progressive })
        .toBuffer();
    expect(await codeOf(await flat(3_600, true))).toBe('too_large');
    expect(await codeOf(await flat(3_600, false))).toBe('taken');
  });

  it('has no reader for any other format, whatever asks for it', async () => {
    await expect(sharp(Buffer.from(SVG)).toBuffer()).rejects.toThrow();
  });

  it('goes on after one that it refused', async () => {
    const [bad, good] = [redraw(Buffer.from('bad')), redraw(await noise(3, 2).png().toBuffer())];
    await expect(bad).rejects.toThrow(DomainError);
    expect((await good).width).toBe(3);
  });
});
