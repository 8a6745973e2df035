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
