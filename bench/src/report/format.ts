import type { Comparison, Result, Value, Verdict } from '../result.ts';

/** The steps of a unit that is shown in the size that reads best. Smallest first; each: name, and how many of the first it is. */
const SCALES: [string, number][][] = [
  [
    ['µs', 1],
    ['ms', 1e3],
    ['s', 1e6],
  ],
  [
    ['B', 1],
    ['kB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
  ],
];

const ALIASES: Record<string, string> = { us: 'µs', μs: 'µs', bytes: 'B' };

/** Units that are only a name for what is counted: the column's name says it already. */
const BARE = new Set(['', 'count']);

/**
 * A quantity to three digits, times and sizes in the unit that suits them: 0.146 ms is "146 µs".
 * @param unit - `µs`, `ms`, `s`, `B`, `kB`, `MB`, `GB`, or any word, which then follows the number.
 */
export function formatValue(value: number, unit: string): string {
  const name = ALIASES[unit] ?? unit;
  for (const scale of SCALES) {
    const given = scale.find(([step]) => step === name);
    if (!given) continue;
    const size = Math.abs(value) * given[1];
    // 0.9995 and not 1: what would be rounded to 1,000 of a step is 1 of the next.
    const fitting = scale.findLast(([, factor]) => size >= 0.9995 * factor) ?? scale[0] ?? given;
    return `${formatNumber((value * given[1]) / fitting[1])} ${fitting[0]}`;
  }
  return BARE.has(name) ? formatNumber(value) : `${formatNumber(value)} ${name}`;
}

/** To three digits, whole where it is 100 or more: 0.0741, 2.5, 67.2, 4,443. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString('en-US', { maximumFractionDigits: 9 });
}

/** A count as it is, with its thousands set apart. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** The ratio alone: "2.9×". */
export function formatRatio(row: Pick<Comparison, 'estimate' | 'lo' | 'hi'>): string {
  return `${fixed(row.estimate, decimalsOf(row))}×`;
}

/**
 * The interval alone: "[2.7–3.1]", or nothing where it has no width. Its bounds are rounded outwards, so that no
 * goal looks reached that is not.
 */
export function formatInterval(row: Pick<Comparison, 'estimate' | 'lo' | 'hi'>): string {
  if (row.hi === row.lo) return '';
  const decimals = decimalsOf(row);
  const step = 10 ** decimals;
  // The tiny part keeps 2.7 × 10 = 27.000000000000004 from being rounded up to 28.
  const lo = Math.floor(row.lo * step + 1e-9) / step;
  const hi = Math.ceil(row.hi * step - 1e-9) / step;
  return `[${fixed(lo, decimals)}–${fixed(hi, decimals)}]`;
}

/** "2.9× [2.7–3.1]" */
export function formatEstimate(row: Pick<Comparison, 'estimate' | 'lo' | 'hi'>): string {
  return [formatRatio(row), formatInterval(row)].filter(Boolean).join(' ');
}

const VERDICTS: Record<Verdict, string> = {
  faster: 'faster',
  slower: 'slower',
  equivalent: 'equivalent',
  'no-difference': 'no difference shown',
  void: 'void',
};

/** The words for a verdict. */
export function formatVerdict(verdict: Verdict): string {
  return VERDICTS[verdict];
}

/** The verdict with its figures: "faster 2.9× [2.7–3.1]", "no difference shown 1.01× [0.99–1.03]", "void: why". */
export function formatHeadline(row: Comparison & { why?: string | undefined }): string {
  if (row.verdict === 'void') return row.why ? `void: ${row.why}` : 'void';
  return `${formatVerdict(row.verdict)} ${formatEstimate(row)}`;
}

const SIGNS = { '>=': '≥', '<=': '≤', '=': '=' } as const;

/** "≥ 2.5×", or "= 1" of a count. */
export function formatGoal(goal: NonNullable<Comparison['goal']>, of: 'ratio' | 'count'): string {
  return `${SIGNS[goal.op]} ${formatCount(goal.value)}${of === 'ratio' ? '×' : ''}`;
}

/** "linux-x64-2cpu, 2 cores of Intel Xeon, 8.3 GB, Linux 6.1, Node 24.11.0" */
export function formatMachine({ env }: Result): string {
  const node = env.versions.node;
  return [
    env.machineKind,
    `${env.cores} cores of ${env.cpu}`,
    formatValue(env.memoryBytes, 'B'),
    `${env.os} ${env.kernel}`,
    ...(node ? [`Node ${node.replace(/^v/, '')}`] : []),
  ].join(', ');
}

/** The ratio of a block, or of whatever else has both sides: above 1, after is better. */
export function ratioOf(
  row: { before: number; after: number },
  { moreIsBetter }: Pick<Comparison, 'moreIsBetter'>,
): number {
  return moreIsBetter ? row.after / row.before : row.before / row.after;
}

/** A quantity with its interval: "21.3 µs [20.8 µs–21.9 µs]". */
export function formatMeasured({ value, lo, hi, unit }: Value): string {
  const text = formatValue(value, unit);
  if (lo === undefined || hi === undefined || lo === hi) return text;
  return `${text} [${formatValue(lo, unit)}–${formatValue(hi, unit)}]`;
}

/** "≤ 25 µs" of a quantity. */
export function formatValueGoal({ op, value }: NonNullable<Value['goal']>, unit: string): string {
  return `${SIGNS[op]} ${formatValue(value, unit)}`;
}

/** What the result's parts of a page are called in links and ids. */
export function resultId({ stage, claim }: Pick<Result, 'stage' | 'claim'>): string {
  return `${stage}-${claim}`.replace(/[^\w-]/g, '-');
}

/** As many decimals as leave three steps or more in the interval's width, and no estimate of less than two digits. */
function decimalsOf({ estimate, lo, hi }: Pick<Comparison, 'estimate' | 'lo' | 'hi'>): number {
  const size = Math.abs(estimate);
  const least = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  if (hi === lo) return Number.isInteger(estimate) ? 0 : Math.max(least, size >= 100 ? 0 : 1);
  return Math.min(3, Math.max(least, Math.ceil(-Math.log10((hi - lo) / 3))));
}

function fixed(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
