import { mailEnv, serverEnv } from '@day90/core';
import { sqliteEnv } from 'stage-1';
import { z } from 'zod';

export const configSchema = z.object({ ...serverEnv, ...mailEnv, ...sqliteEnv });
export type Config = z.infer<typeof configSchema>;
