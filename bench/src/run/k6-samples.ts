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
  return collect(linesOf(file), file);
}

/** The lines of a file, read as they are asked for. */
export function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

/** The same from lines that are there already. */
export async function collect(lines: AsyncIterable<string> | Iterable<string>, name: string): Promise<Samples> {
  const samples: Samples = { series: {}, counters: {} };
  for await (const row of k6Rows(lines, name, [...TRENDS, ...COUNTERS])) {
    const { metric, value } = row;
    if (COUNTERS.includes(metric)) samples.counters[metric] = (samples.counters[metric] ?? 0) + value;
    else add(samples, row);
  }
  return samples;
}

/** One row of k6's csv. */
export interface K6Row {
  metric: string;
  /** Microseconds since 1970-01-01 UTC. */
  at: number;
  value: number;
  /** `false` for a status of 400 and more, and for no answer at all; only k6's own request metrics carry it. */
  expected: string;
  scenario: string;
  /** The script's own tags, as a query string. */
  extra: string;
}

/**
 * The rows of some metrics, one after the other.
 * @throws {Error} When the text has no header of k6's, or a row with a time or value that is no number.
 */
export async function* k6Rows(
  lines: AsyncIterable<string> | Iterable<string>,
  name: string,
  metrics: readonly string[],
): AsyncGenerator<K6Row> {
  const wanted = new Set(metrics);
  let column: ((row: string[], name: string) => string) | undefined;
  for await (const line of lines) {
    if (!column) {
      column = columns(line, name);
      continue;
    }
    const row = line.split(',');
    const metric = row[0] ?? '';
    if (!wanted.has(metric)) continue;
    const at = Number(column(row, 'timestamp'));
    const value = Number(column(row, 'metric_value'));
    if (!Number.isFinite(at) || !Number.isFinite(value)) throw new Error(`${name}: not a row of k6's: ${line}`);
    const [expected, scenario] = [column(row, 'expected_response'), column(row, 'scenario')];
    yield { metric, at, value, expected, scenario, extra: column(row, 'extra_tags') };
  }
}

function columns(header: string, name: string): (row: string[], column: string) => string {
  const index = new Map(header.split(',').map((column, i) => [column, i]));
  for (const needed of ['metric_name', 'timestamp', 'metric_value', 'expected_response', 'extra_tags']) {
    if (!index.has(needed)) throw new Error(`${name}: not a csv file of k6's: no column ${needed}`);
  }
  return (row, column) => row[index.get(column) ?? -1] ?? '';
}

function add(samples: Samples, { metric, at, value, expected, extra }: K6Row): void {
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
