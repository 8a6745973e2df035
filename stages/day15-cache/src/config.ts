import { mailEnv, serverEnv } from '@day90/core';
import { sqliteEnv } from 'stage-1';
import { cacheEnv } from 'stage-2';
import { z } from 'zod';

export const configSchema = z.object({ ...serverEnv, ...mailEnv, ...sqliteEnv, ...cacheEnv });
export type Config = z.infer<typeof configSchema>;
