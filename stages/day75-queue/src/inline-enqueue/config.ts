import { queueEnv } from 'stage-6';
import { z } from 'zod';
import { configSchema as stage6 } from '../config.ts';

export const configSchema = z.object({ ...stage6.shape, ...queueEnv });
export type Config = z.infer<typeof configSchema>;
