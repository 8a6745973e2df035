import { Counter, Gauge } from 'prom-client';
import { SHED_REASONS, type ShedReason } from '../admission.ts';
import type { InFlightLimit } from '../in-flight-limit.ts';
import type { Metrics } from './metrics.ts';

/** Tells of a box's own limit. @returns What counts a request that it has refused. What nginx refuses stands in its log. */
export function shedMetrics({ registry }: Metrics, limit: InFlightLimit): (reason: ShedReason) => void {
  const registers = [registry];
  new Gauge({
    name: 'http_requests_in_flight_limit',
    help: 'Requests that this process lets in at once.',
    registers,
    collect() {
      this.set(limit.limit);
    },
  });
  new Gauge({
    name: 'http_requests_in_flight_share',
    help: 'Share of that limit that was under way in the last second, on the mean, with what waited to be read.',
    registers,
    collect() {
      this.set(limit.share);
    },
  });
  const shed = new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests that this process has refused since it was full.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of SHED_REASONS) shed.inc({ reason }, 0); // a rate needs a value before the first one
  return (reason) => shed.inc({ reason });
}
