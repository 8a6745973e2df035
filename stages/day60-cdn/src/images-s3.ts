import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Images, Logger, Resource } from '@day90/core';
import { storeFailure } from './store-failure.ts';

/** Longest time of one call, in milliseconds: whoever has sent a picture waits for ten seconds, and most went by before it. */
const CALL_MS = 3_000;
/** A second one only, for a connection that the server had closed just then. */
const MOST_ATTEMPTS = 2;
const NONE = new Set(['NoSuchKey', 'NoSuchBucket']);

/**
 * Pictures in a bucket of any server that speaks S3.
 * @param url - `http://<access key>:<secret>@<host>/<bucket>`.
 */
export function s3Images(url: string, logger: Logger): Images & Resource {
  const { origin, username, password, pathname } = new URL(url);
  const Bucket = pathname.slice(1);
  const s3 = new S3Client({
    endpoint: origin,
    region: 'us-east-1', // part of each signature, wherever the server stands
    forcePathStyle: true, // the bucket in the path: its name is no host of ours
    credentials: { accessKeyId: username, secretAccessKey: decodeURIComponent(password) },
    maxAttempts: MOST_ATTEMPTS,
  });
  return {
    async put(name, bytes) {
      const picture = new PutObjectCommand({
        ...{ Bucket, Key: name, Body: bytes, ContentType: 'image/webp' },
        IfNoneMatch: '*', // never in the place of another
        CacheControl: 'public, max-age=31536000, immutable', // for whoever serves the bucket itself
      });
      await s3.send(picture, { abortSignal: AbortSignal.timeout(CALL_MS) }).catch(fail);
    },
    async get(name) {
      const abortSignal = AbortSignal.timeout(CALL_MS); // of the body, too
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: name }), { abortSignal });
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (NONE.has((error as Error).name)) return undefined;
        return fail(error);
      }
    },
    async remove(name) {
      const picture = new DeleteObjectCommand({ Bucket, Key: name });
      await s3.send(picture, { abortSignal: AbortSignal.timeout(CALL_MS) }).catch((error: Error) => {
        if (!NONE.has(error.name)) fail(error);
      });
    },
    async close() {
      s3.destroy();
    },
  };

  function fail(error: unknown): never {
    throw storeFailure(error, logger);
  }
}
