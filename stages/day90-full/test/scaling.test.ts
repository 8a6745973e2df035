import { createLogger } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { openMetrics } from 'stage-7';
import { app } from 'stage-7/boxes';
import { shedMetrics } from '../src/metrics/shed-metrics.ts';

const { port, replicas } = app(17011, { count: 3, cpu: 0.2 });
const { concurrency, bounds } = replicas?.scaling ?? {};

describe('what the number of app boxes follows', () => {
  it('is a gauge that an app box has, on a port that it has', async () => {
    const metrics = openMetrics(
      { HOST: '127.0.0.1', METRICS_PORT: 0 },
      createLogger({ LOG_LEVEL: 'silent', BOX: 'test' }),
    );
    const limit = { limit: 4, inFlight: 3, share: 0.5, enter: () => () => undefined, close: async () => undefined };
    shedMetrics(metrics, limit);
    const gauge = await metrics.registry.getSingleMetric(concurrency?.gauge ?? '')?.get();
    expect(gauge?.values).toEqual([{ labels: {}, value: 0.5 }]);
    expect(Object.keys(port ?? {})).toContain(concurrency?.port);
    await metrics.close();
  });

  it("has the guide's bounds, for machines of their own", () => {
    expect(bounds).toEqual({ least: 3, most: 20 });
  });
});
