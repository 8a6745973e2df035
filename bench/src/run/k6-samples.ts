import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The values of one metric on one arm, in the order in which k6 wrote them. */
export interface Series {
  /** Microseconds since 1970-01-01 UTC. */
  at: number[];
  value: number[];
  /** The random label of each, `a` or `b`. */
  label: string[];
}

/** What the rows of one k6 run say. */
export interface Samples {
  /** Measured values by metric and arm, warm-up left out: `series.db_ms.before`. */
  series: Record<string, Record<string, Series>>;
  /** Sums of counters over the whole run, warm-up included: `counters.offered`. */
  counters: Record<string, number>;
}

const TRENDS = ['http_req_duration', 'db_ms', 'app_ms', 'queries'];
const COUNTERS = ['offered', 'answered', 'refused', 'timed_out', 'iterations', 'dropped_iterations'];

/**
 * Reads k6's `--out csv` as a stream, with times in microseconds (`K6_CSV_TIME_FORMAT=unix_micro`).
 * A request that came to nothing is in the counters only: latency is of expected answers.
 * @throws {Error} When the file has no header of k6's, or a row with a time or value that is no number.
 */
export async function readSamples(file: string): Promise<Samples> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  return collect(lines, file);
}

/** The same from lines that are there already. */
export async function collect(lines: AsyncIterable<string> | Iterable<string>, name: string): Promise<Samples> {
  const samples: Samples = { series: {}, counters: {} };
  let column: ((row: string[], name: string) => string) | undefined;
  for await (const line of lines) {
    if (!column) {
      column = columns(line, name);
      continue;
    }
    const row = line.split(',');
    const metric = row[0] ?? '';
    if (!TRENDS.includes(metric) && !COUNTERS.includes(metric)) continue;
    const at = Number(column(row, 'timestamp'));
    const value = Number(column(row, 'metric_value'));
    if (!Number.isFinite(at) || !Number.isFinite(value)) throw new Error(`${name}: not a row of k6's: ${line}`);
    if (COUNTERS.includes(metric)) samples.counters[metric] = (samples.counters[metric] ?? 0) + value;
    else add(samples, metric, at, value, column(row, 'expected_response'), column(row, 'extra_tags'));
  }
  return samples;
}

function columns(header: string, name: string): (row: string[], column: string) => string {
  const index = new Map(header.split(',').map((column, i) => [column, i]));
  for (const needed of ['metric_name', 'timestamp', 'metric_value', 'expected_response', 'extra_tags']) {
    if (!index.has(needed)) throw new Error(`${name}: not a csv file of k6's: no column ${needed}`);
  }
  return (row, column) => row[index.get(column) ?? -1] ?? '';
}

function add(samples: Samples, metric: string, at: number, value: number, expected: string, extra: string): void {
  // Only k6's own request metrics carry this tag; it is 'false' for a status of 400 and more, and for no answer at all.
  if (expected === 'false') return;
  const tags = new URLSearchParams(extra);
  if (tags.get('phase') !== 'run') return;
  const arm = tags.get('arm') ?? '';
  samples.series[metric] ??= {};
  samples.series[metric][arm] ??= { at: [], value: [], label: [] };
  const series = samples.series[metric][arm];
  series.at.push(at);
  series.value.push(value);
  series.label.push(tags.get('label') ?? '');
}
