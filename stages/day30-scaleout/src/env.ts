import { z } from 'zod';

/** The variables of the sessions in Redis. */
export const sessionEnv = {
  SESSION_URL: z
    .url({ protocol: /^rediss?$/ })
    .default('redis://127.0.0.1:6379')
    .describe('Redis that holds the sessions, which no other one does'),
};
