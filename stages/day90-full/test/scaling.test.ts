import { createLogger } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { httpMetrics, openMetrics } from 'stage-7';
import { app } from 'stage-7/boxes';

const { port, replicas } = app(17011, { count: 3, cpu: 0.2 });
const { inFlight, bounds } = replicas?.scaling ?? {};

describe('what the number of app boxes follows', () => {
  it('is a gauge that an app box has, on a port that it has', async () => {
    const metrics = openMetrics(
      { HOST: '127.0.0.1', METRICS_PORT: 0 },
      createLogger({ LOG_LEVEL: 'silent', BOX: 'test' }),
    );
    httpMetrics(metrics);
    expect((await metrics.registry.getMetricsAsJSON()).map(({ name }) => name)).toContain(inFlight?.gauge);
    expect(Object.keys(port ?? {})).toContain(inFlight?.port);
    await metrics.close();
  });

  it("has the guide's bounds, for machines of their own", () => {
    expect(bounds).toEqual({ least: 3, most: 20 });
  });
});
