import { mailEnv, serverEnv } from '@day90/core';
import { cacheEnv } from 'stage-2';
import { postgresEnv, sessionEnv } from 'stage-3';
import { shardsEnv } from 'stage-4/sharded';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;

export const configSchema = z.object({
  ...serverEnv,
  ...mailEnv,
  ...cacheEnv,
  ...sessionEnv,
  ...shardsEnv,
  DATABASE_POOL,
});
export type Config = z.infer<typeof configSchema>;
