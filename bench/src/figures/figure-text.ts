import { type TornPairs, tornPairs } from '../demonstrations/torn-pairs.ts';
import {
  formatCount,
  formatEstimate,
  formatGoal,
  formatHeadline,
  formatInterval,
  formatMachine,
  formatMeasured,
  formatNumber,
  formatRatio,
  formatValue,
  formatValueGoal,
  formatVerdict,
} from '../report/format.ts';
import type { Arm, Comparison, Result, Value } from '../result.ts';

/** What of a result a marker asks for. */
export interface FigureField {
  /** A row other than the claim's own metric: `also`, `count`, `value` or `arm`, and its name. */
  of?: { kind: 'also' | 'count' | 'value' | 'arm'; name: string };
  field: string;
}

type Texts<T> = Record<string, (of: T) => string | undefined>;

const COMPARISON: Texts<Comparison> = {
  estimate: formatEstimate,
  ratio: formatRatio,
  interval: (row) => formatInterval(row) || 'exact',
  before: (row) => formatValue(row.before, row.unit),
  after: (row) => formatValue(row.after, row.unit),
  floor: (row) => `${formatNumber(row.floor)}×`,
  verdict: (row) => formatVerdict(row.verdict),
  headline: formatHeadline,
  goal: (row) => row.goal && goalText(row.goal, 'ratio'),
};

const COUNT: Texts<Result['counts'][number]> = {
  both: (row) => `${formatCount(row.before)} → ${formatCount(row.after)}`,
  before: (row) => formatCount(row.before),
  after: (row) => formatCount(row.after),
  goal: (row) => row.goal && goalText(row.goal, 'count'),
};

const VALUE: Texts<Value> = {
  value: (row) => formatValue(row.value, row.unit),
  both: formatMeasured,
  goal: (row) => row.goal && `${formatValueGoal(row.goal, row.unit)} ${row.goal.met ? 'met' : 'missed'}`,
};

const ARM: Texts<Arm> = {
  cpu: ({ cpuPerRequestUs: us }) => (us === undefined ? us : formatValue(us, 'µs')),
  rss: ({ rssBytes: bytes }) => (bytes === undefined ? bytes : formatValue(bytes, 'B')),
  rate: ({ rate }) => (rate === undefined ? rate : `${formatNumber(rate)}/s`),
  p50: (arm) => arm.latency && formatValue(arm.latency.p50, 'ms'),
  p95: (arm) => arm.latency && formatValue(arm.latency.p95, 'ms'),
  p99: (arm) => arm.latency && formatValue(arm.latency.p99, 'ms'),
};

/** Of the whole result; `cpu` and `rss` are those of the after arm. */
const RESULT: Texts<Result> = {
  cpu: (result) => armNamed(result, 'after', ARM.cpu),
  rss: (result) => armNamed(result, 'after', ARM.rss),
  machine: formatMachine,
  takenAt: (result) => result.takenAt.slice(0, 10),
  commit: (result) => result.env.commit.slice(0, 12),
  scale: (result) => result.env.scale,
  table,
  wrongTogether: (result) => torn(result, ({ together }) => shareText(together)),
  wrongApart: (result) => torn(result, ({ apart }) => shareText(apart)),
  wrongApartShare: (result) =>
    torn(result, ({ apart }) => formatValue(Math.round((100 * apart.wrong) / apart.of), '%')),
};

/**
 * The text of one figure.
 * @throws {Error} With what there is instead, when the result has no such row or field.
 */
export function figureText(result: Result, { of, field }: FigureField): string {
  if (result.verdict === 'void') throw new Error(`the result is void (${result.why}): measure it again`);
  if (!of) return pick({ ...COMPARISON, ...RESULT }, field, result);
  if (of.kind === 'also') return pick(COMPARISON, field, named(result.also, 'metric', of.name));
  if (of.kind === 'count') return pick(COUNT, field, named(result.counts, 'name', of.name));
  if (of.kind === 'value') return pick(VALUE, field, named(result.values ?? [], 'name', of.name));
  return pick(ARM, field, named(result.arms, 'name', of.name));
}

function pick<T>(texts: Texts<T>, field: string, of: T): string {
  const text = Object.hasOwn(texts, field) ? texts[field] : undefined;
  if (!text) throw new Error(`no field "${field}", but: ${Object.keys(texts).join(', ')}`);
  const value = text(of);
  if (!value) throw new Error(`the result has no ${field}`);
  return value;
}

function named<T, K extends keyof T>(rows: readonly T[], key: K, name: string): T {
  const row = rows.find((candidate) => candidate[key] === name);
  if (!row)
    throw new Error(`the result has no "${name}", but: ${rows.map((other) => `"${other[key]}"`).join(', ') || 'none'}`);
  return row;
}

function armNamed(result: Result, name: string, text: Texts<Arm>[string] | undefined): string | undefined {
  const arm = result.arms.find((candidate) => candidate.name === name);
  return arm && text?.(arm);
}

function torn(result: Result, text: (pairs: TornPairs) => string): string | undefined {
  const pairs = tornPairs(result);
  return pairs && text(pairs);
}

function shareText({ wrong, of }: TornPairs['apart']): string {
  return `${formatCount(wrong)} of ${formatCount(of)}`;
}

function goalText(goal: NonNullable<Comparison['goal']>, of: 'ratio' | 'count'): string {
  return `${formatGoal(goal, of)} ${goal.met ? 'met' : 'missed'}`;
}

/** All rows of a result as a Markdown table. */
function table(result: Result): string {
  const rows = [result, ...result.also].map((row) => [
    ...[row.metric, formatValue(row.before, row.unit), formatValue(row.after, row.unit)],
    row.verdict === 'void' ? 'void' : formatHeadline(row),
    row.goal ? goalText(row.goal, 'ratio') : '',
  ]);
  const counts = result.counts.map((row) => [
    ...[row.name, formatCount(row.before), formatCount(row.after), 'exact'],
    row.goal ? goalText(row.goal, 'count') : '',
  ]);
  const values = (result.values ?? []).map((row) => [
    ...[row.name, '', formatMeasured(row), ''],
    row.goal ? `${formatValueGoal(row.goal, row.unit)} ${row.goal.met ? 'met' : 'missed'}` : '',
  ]);
  const head = ['', 'before', 'after', 'ratio, 95 % interval', 'goal'];
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `\n\n${[line(head), line(head.map(() => '---')), ...[...rows, ...counts, ...values].map(line)].join('\n')}\n\n`;
}
