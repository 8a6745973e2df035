import type { Logger, Resource } from '@day90/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { serveMetrics } from './metrics-server.ts';

/** What a process counts and times of itself, for Prometheus to fetch. */
export interface Metrics extends Resource {
  /** Every metric names it in `registers`: prom-client's own one is shared by all apps of a process. */
  readonly registry: Registry;
  /**
   * Has `look` done before each scrape is answered, for what is asked and not counted, such as the length of a queue. What
   * it asks must answer within a second or two. When it fails, that is logged once, and nobody but the scrape has waited.
   */
  onScrape(look: Look): void;
}

/**
 * How often the event loop is sampled, in milliseconds. At prom-client's 10 a process with nothing to do is woken for it a hundred
 * times a second.
 */
const EVENT_LOOP_STEP_MS = 50;

type Look = () => void | Promise<void>;

/**
 * Serves the metrics of this process on a port of their own: each process is asked directly, since behind a proxy one answer
 * would be of one process, and the next of another. Beside what is registered they are Node's own (event loop, heap, garbage
 * collection), by the names of prom-client.
 * @param config.HOST - Address to listen on, as for the process itself.
 * @see https://prometheus.io/docs/practices/naming/ — base units, and `_total` behind what only grows
 */
export function openMetrics(config: { HOST: string; METRICS_PORT: number }, logger: Logger): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_STEP_MS });
  const looks: Look[] = [];
  const failing = new Set<Look>();
  let scrape: Promise<string> | undefined;

  async function run(look: Look): Promise<void> {
    try {
      await look();
      if (failing.delete(look)) logger.info('the metrics can be asked for again');
    } catch (error) {
      if (!failing.has(look)) logger.warn({ err: error }, 'metrics could not be asked for');
      failing.add(look);
    }
  }

  async function text(): Promise<string> {
    await Promise.all(looks.map(run));
    return registry.metrics();
  }

  const { close, broken } = serveMetrics(config, logger, {
    type: registry.contentType,
    // Shared by all who ask meanwhile: two looks at a time would each take away what the other one has set.
    text() {
      scrape ??= text().finally(() => {
        scrape = undefined;
      });
      return scrape;
    },
  });
  return { registry, onScrape: (look) => void looks.push(look), close, broken };
}
