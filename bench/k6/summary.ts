import { targets } from './arms.ts';

/** The part of k6's end-of-test data that is read here. */
interface SummaryData {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
}

const ROWS: { title: string; metric: string; stat: string; unit: string }[] = [
  { title: 'response time p50', metric: 'http_req_duration', stat: 'med', unit: 'ms' },
  { title: 'response time p95', metric: 'http_req_duration', stat: 'p(95)', unit: 'ms' },
  { title: 'response time p99', metric: 'http_req_duration', stat: 'p(99)', unit: 'ms' },
  { title: 'database time p50', metric: 'db_ms', stat: 'med', unit: 'ms' },
  { title: 'time in the app p50', metric: 'app_ms', stat: 'med', unit: 'ms' },
  { title: 'queries a request', metric: 'queries', stat: 'med', unit: '' },
  { title: 'answered', metric: 'answered', stat: 'count', unit: '' },
  { title: 'refused or wrong', metric: 'refused', stat: 'count', unit: '' },
  { title: 'timed out', metric: 'timed_out', stat: 'count', unit: '' },
];

/**
 * Makes k6's `handleSummary`: both arms side by side, with how many times as long or as much the one takes as the other,
 * warm-up left out. One run gives no interval: that is what the bench is for. With `-e OUT=file.json` k6's own data go there.
 * @param title - What this load is about, printed above the table.
 */
export function summaryFor(title: string): (data: SummaryData) => Record<string, string> {
  return (data) => {
    const out: Record<string, string> = { stdout: table(title, data) };
    if (__ENV.OUT) out[__ENV.OUT] = JSON.stringify(data);
    return out;
  };
}

function table(title: string, data: SummaryData): string {
  const arms = targets(__ENV);
  const line = (cells: string[]) =>
    `  ${cells.map((cell, i) => (i ? cell.padStart(16) : cell.padEnd(22))).join('')}`.trimEnd();
  const rows = ROWS.map((row) => {
    const values = arms.map((arm) => data.metrics[`${row.metric}{arm:${arm.name},phase:run}`]?.values);
    return line([
      row.title,
      ...values.map((value) => cell(value, row)),
      ...(arms.length === 2 ? [ratio(values, row)] : []),
    ]);
  });
  const dropped = data.metrics.dropped_iterations?.values.count ?? 0;
  const heads = arms.map((arm) => (arm.name === 'one' ? arm.url.replace(/^https?:\/\//, '') : arm.name));
  const note = dropped
    ? `k6 could not send ${dropped} arrivals in time: the figures above are not to be trusted.`
    : 'Every arrival was sent in time.';
  const last = arms.length === 2 ? ['before ÷ after'] : [];
  return `\n${title}\n\n${line(['', ...heads, ...last])}\n${rows.join('\n')}\n\n  ${note}\n\n`;
}

type Values = Record<string, number> | undefined;
type Row = (typeof ROWS)[number];

function cell(values: Values, { stat, unit }: Row): string {
  const value = values?.[stat];
  if (value === undefined || values?.count === 0) return stat === 'count' ? '0' : '-';
  return unit ? `${value.toFixed(2)} ${unit}` : String(value);
}

/** Of a time or a number of queries; how many were answered depends on the rate alone. */
function ratio([before, after]: Values[], { stat }: Row): string {
  const [one, other] = [before?.[stat], after?.[stat]];
  if (stat === 'count' || !one || !other) return '';
  return `${(one / other).toFixed(2)}×`;
}
