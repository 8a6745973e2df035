import { fileURLToPath } from 'node:url';
import { processEnv, work } from '@day90/core';
import { control, workspaceRoot } from '@day90/infra';
import { hearReports, limiterEnv, steerProxy } from 'stage-7';
import { z } from 'zod';

const WORKSPACE = workspaceRoot(fileURLToPath(import.meta.url));
const schema = z.object({ ...processEnv, ...limiterEnv });

/** Has the limits of nginx follow what the boxes behind it can do. */
await work(schema, async (config, { logger, resources }) => {
  const set = async ({ inFlight, publicReads }: { inFlight: number; publicReads: number }) => {
    const numbers = { 'in-flight': inFlight, 'public-reads': publicReads };
    await control(WORKSPACE, config.INSTANCE, { do: 'set', numbers });
  };
  const { hear } = resources.use(steerProxy({ ...config, logger, set }));
  resources.use(await hearReports(config.PORT, hear, { host: config.HOST, logger }));
});
