import { z } from 'zod';

/** The variables of what a process tells of itself. */
export const metricsEnv = {
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(9464)
    .describe('Port of /metrics, which no proxy leads to; 0 takes a free one'),
};

/** The variables of a box that refuses what it can't answer in time. */
export const sheddingEnv = {
  // A page is there within 100 ms at p99. Most requests ask for one thing; a write goes to and fro ten times, and one in a hundred
  // takes eight times as long.
  TARGET_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(12)
    .describe('Milliseconds that the median request may take in a box at its limit'),
  PUBLIC_READ_SHARE: z.coerce
    .number()
    .min(0.1)
    .max(1)
    .default(0.4)
    .describe('Share of the limit that reads without a session may take'),
  MOST_WAIT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(500)
    .describe('Milliseconds after which a request that still waits for its box is refused'),
  LIMITER: z
    .string()
    .regex(/^\S+:\d+$/, 'is no address with a port, such as 127.0.0.1:17034')
    .optional()
    .describe('Where the limit is reported to, by UDP; to nobody unless told'),
};

/** The variables of what sets the limits of the proxy in front. */
export const limiterEnv = {
  INSTANCE: z.string().min(1).describe('Run whose proxy is to follow the limits of its boxes'),
  PUBLIC_READ_SHARE: sheddingEnv.PUBLIC_READ_SHARE,
};
