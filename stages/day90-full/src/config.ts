import { serverEnv } from '@day90/core';
import { cacheEnv } from 'stage-2';
import { postgresEnv, sessionEnv } from 'stage-3';
import { replicaEnv } from 'stage-4';
import { edgeEnv, imagesEnv } from 'stage-5';
import { metricsEnv, sheddingEnv } from 'stage-7';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;

export const configSchema = z.object({
  ...serverEnv,
  ...cacheEnv,
  ...sessionEnv,
  ...replicaEnv,
  ...edgeEnv,
  ...imagesEnv,
  ...metricsEnv,
  ...sheddingEnv,
  DATABASE_POOL,
});
export type Config = z.infer<typeof configSchema>;
