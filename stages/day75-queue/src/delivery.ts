import type { Job } from '@day90/core';
import { z } from 'zod';

const oneLine = z
  .string()
  .regex(/^[^\p{Cc}]+$/u)
  .max(254);
const address = oneLine.pipe(z.email());

const PICTURE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp$/;

/** What each job must look like when it comes out of the queue: somebody older, newer or malicious may have put it there. */
const jobs = {
  'welcome-mail': z.strictObject({ name: z.literal('welcome-mail'), to: address, userName: oneLine }),
  'account-exists-mail': z.strictObject({ name: z.literal('account-exists-mail'), to: address }),
  'picture-sizes': z.strictObject({ name: z.literal('picture-sizes'), picture: z.string().regex(PICTURE) }),
  recommendations: z.strictObject({ name: z.literal('recommendations'), userId: z.string().regex(/^[1-9]\d{0,18}$/) }),
} satisfies { [Name in Job['name']]: z.ZodType<Extract<Job, { name: Name }>> };

const deliverySchema = z.strictObject({
  job: z.discriminatedUnion('name', [
    jobs['welcome-mail'],
    jobs['account-exists-mail'],
    jobs.recommendations,
    jobs['picture-sizes'],
  ]),
  /** Of the request that asked for it. */
  requestId: oneLine,
  /** When that was, in milliseconds since 1970 UTC. */
  createdAt: z.int().positive(),
});

/** A job on its way through the queue. It may come more than once. */
export type Delivery = z.infer<typeof deliverySchema>;

/** Ids of rows in the outbox, which are those of their jobs in the queue, too. */
const idSchema = z.uuid();

/**
 * Reads a delivery as it came out of the queue.
 * @throws {UnreadableJobError} Naming what is wrong; no try after this one can go better.
 */
export function readDelivery(id: string | undefined, data: unknown): Delivery & { id: string } {
  const known = idSchema.safeParse(id);
  const read = deliverySchema.safeParse(data);
  if (known.success && read.success) return { ...read.data, id: known.data };
  const issues = [
    ...(known.error?.issues.map(({ message }) => `id: ${message}`) ?? []),
    ...(read.error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`),
  ];
  throw new UnreadableJobError(issues.join('; '));
}

/** A job that does not fit its schema. */
export class UnreadableJobError extends Error {
  constructor(problems: string) {
    super(`This is no job: ${problems}`);
    this.name = 'UnreadableJobError';
  }
}
