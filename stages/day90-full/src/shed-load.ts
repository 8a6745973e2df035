import type { Logger, RequestHandler, Resource } from '@day90/core';
import { admission } from './admission.ts';
import { type InFlightLimitConfig, inFlightLimit } from './in-flight-limit.ts';
import type { Metrics } from './metrics/metrics.ts';
import { shedMetrics } from './metrics/shed-metrics.ts';

interface Config extends InFlightLimitConfig {
  PUBLIC_URL: string;
  PUBLIC_READ_SHARE: number;
  MOST_WAIT_MS: number;
}

/** Has a box take no more at once than it can answer in time, and tell of it. @returns The middleware, and what ends the looks. */
export function shedLoad(config: Config, metrics: Metrics, logger: Logger): Resource & { admit: RequestHandler } {
  const limit = inFlightLimit(config, logger);
  return { admit: admission(limit, config, shedMetrics(metrics, limit)), close: () => limit.close() };
}
