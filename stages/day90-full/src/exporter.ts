import { processEnv, work } from '@day90/core';
import { exporter, targetList } from 'stage-7/exporter';
import { z } from 'zod';

const schema = z.object({ ...processEnv, TARGETS: targetList.describe('Servers to ask, name=url, by commas') });

/** Tells the metrics of the servers that Prometheus can't ask itself. */
await work(schema, async ({ TARGETS }, { logger, resources }) => {
  const { listener } = resources.use(exporter(TARGETS, logger));
  return listener;
});
