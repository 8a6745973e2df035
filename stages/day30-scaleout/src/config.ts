import { mailEnv, serverEnv } from '@day90/core';
import { cacheEnv } from 'stage-2';
import { postgresEnv, sessionEnv } from 'stage-3';
import { z } from 'zod';

export const configSchema = z.object({ ...serverEnv, ...mailEnv, ...cacheEnv, ...postgresEnv, ...sessionEnv });
export type Config = z.infer<typeof configSchema>;
