import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createLogger, DomainError } from '@day90/core';
import { describeImages } from '@day90/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openImages } from '../src/open-pictures.ts';
import { storeFailure } from '../src/store-failure.ts';
import { TestS3 } from './s3-rig.ts';

const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
const NAME = '00000000-0000-4000-8000-000000000000.webp';
const BYTES = Buffer.alloc(100_000, 'x');
/** An answer that says so comes within this time, in milliseconds, whatever the store does. */
const SOON_MS = 4_000;

const s3 = TestS3.ofThisFile('images');
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'day90-images-'));
  folders.push(folder);
  return folder;
}

async function rigOf(url: string) {
  const images = openImages(url, logger);
  return { images, close: () => images.close() };
}

describeImages('fsImages', async () => rigOf(pathToFileURL(await newFolder()).href));
describeImages('s3Images', () => rigOf(s3.url));

describe('fsImages', () => {
  it('has nothing under the name of a picture until it is whole, and leaves no part of one that failed', async () => {
    const folder = await newFolder();
    const { images, close } = await rigOf(pathToFileURL(folder).href);
    const names = async () => (await readdir(folder, { recursive: true })).sort();
    await images.put(NAME, BYTES);
    expect(await names()).toEqual(['.parts', NAME]);
    await expect(images.put(NAME, BYTES)).rejects.toThrow();
    expect(await names()).toEqual(['.parts', NAME]);
    await close();
  });

  it('sweeps what a killed process has left, and nothing that may be under way', async () => {
    const folder = await newFolder();
    const parts = join(folder, '.parts');
    await mkdir(parts);
    for (const name of ['left', 'under-way']) await writeFile(join(parts, name), 'half');
    const earlier = Date.now() / 1000 - 120;
    await utimes(join(parts, 'left'), earlier, earlier);
    await (await rigOf(pathToFileURL(folder).href)).close();
    expect(await readdir(parts)).toEqual(['under-way']);
  });

  it('is out of reach when the folder is gone', async () => {
    const folder = await newFolder();
    const { images } = await rigOf(pathToFileURL(folder).href);
    await images.get(NAME);
    await rm(join(folder, '.parts'), { recursive: true });
    await expect(images.put(NAME, BYTES)).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 });
  });
});

describe('s3Images', () => {
  it('tells whoever serves the bucket that a picture stays as it is, and what it is', async () => {
    const { images, close } = await rigOf(s3.url);
    await images.put(NAME, BYTES);
    const { origin, username, password } = new URL(s3.url);
    const client = new S3Client({
      ...{ endpoint: origin, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: username, secretAccessKey: password },
    });
    expect(await client.send(new HeadObjectCommand({ Bucket: 'pictures', Key: NAME }))).toMatchObject({
      ContentType: 'image/webp',
      CacheControl: 'public, max-age=31536000, immutable',
    });
    client.destroy();
    await close();
  });

  it('shows nothing to strangers, nor to whoever has another secret', async () => {
    expect((await fetch(`${new URL(s3.url).origin}/pictures/${NAME}`)).status).toBe(403);
    const url = new URL(s3.url);
    url.password = 'another';
    const { images, close } = await rigOf(url.href);
    await expect(images.get(NAME)).rejects.toMatchObject({ code: 'overloaded' });
    await close();
  });

  it('says soon that pictures are out of reach while the server is frozen, or gone; then it goes on by itself', async () => {
    const { images, close } = await rigOf(s3.url);
    const name = NAME.replace('0', '1');
    const failsSoon = async () => {
      const began = performance.now();
      await expect(images.put(name, BYTES)).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 });
      await expect(images.get(NAME)).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 });
      expect(performance.now() - began).toBeLessThan(2 * SOON_MS);
    };
    s3.freeze();
    await failsSoon();
    s3.thaw();
    await s3.kill();
    await failsSoon();
    await s3.start();
    await images.put(NAME.replace('0', '2'), BYTES);
    expect((await images.get(NAME))?.length).toBe(BYTES.length);
    await close();
  });
});

describe('a store that fails', () => {
  it.each([
    [{ code: 'ENOSPC' }, 'no_room'],
    [{ code: 'EDQUOT' }, 'no_room'],
    [{ name: 'InsufficientStorage' }, 'no_room'],
    [{ name: 'QuotaExceeded' }, 'no_room'],
    [{ code: 'EIO' }, 'overloaded'],
    [{ name: 'AccessDenied' }, 'overloaded'],
    [{ name: 'TimeoutError' }, 'overloaded'],
  ])('with %j is told to the client as %s, without a word of its own', (failure, code) => {
    const told = storeFailure(Object.assign(new Error('/srv/day90/images: secret'), failure), logger);
    expect(told).toBeInstanceOf(DomainError);
    expect(told.code).toBe(code);
    expect(told.message).not.toContain('secret');
  });
});
