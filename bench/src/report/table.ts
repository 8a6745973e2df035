import pc from 'picocolors';
import type { Result } from '../result.ts';
import { type Cells, rowsOf } from './table-cells.ts';

/** How the table is to look. */
export interface TableOptions {
  color: boolean;
  /** Width of the terminal; nothing is wider, from 60 on. */
  columns: number;
}

const GAP = '  ';
const WIDEST = 120;
const LEAST_METRIC = 16;

/**
 * The results as text for a terminal: each claim's metrics, then what to know about it. Reads well from 80 columns on.
 * @param options - Default: as the standard output is, and plain where that is no terminal or NO_COLOR is set.
 */
export function renderTable(results: readonly Result[], options: TableOptions = terminal()): string {
  const columns = Math.max(60, Math.min(WIDEST, options.columns));
  const rows = results.map(rowsOf);
  const head: Cells = { metric: '', before: 'before', after: 'after', ratio: 'ratio', goal: 'goal', paint: 'dim' };
  const widths = widthsOf([head, ...rows.flat()], columns);
  const paint = pc.createColors(options.color);
  const lines = [paint.dim(line(head, widths, (text) => text).join('\n'))];
  for (const [index, result] of results.entries()) {
    const title = wrap(`${result.claim}  ${result.title}`, columns);
    lines.push('', paint.bold(title.join('\n')));
    for (const cells of rows[index] ?? []) lines.push(...line(cells, widths, paint[cells.paint]));
    for (const note of notesOf(result)) lines.push(...wrap(note, columns - 2).map((text) => paint.yellow(`  ${text}`)));
  }
  lines.push('', ...footOf(results).flatMap((text) => wrap(text, columns).map(paint.dim)));
  return `${lines.map((text) => text.trimEnd()).join('\n')}\n`;
}

function terminal(): TableOptions {
  const { stdout, env } = process;
  return { color: stdout.isTTY === true && !env.NO_COLOR, columns: stdout.columns ?? 80 };
}

function notesOf({ quick, verdict, why }: Result): string[] {
  return [
    ...(verdict === 'void' ? [`void: ${why ?? 'no reason given'}`] : []),
    ...(quick ? ['quick: fewer blocks, so a wider interval'] : []),
  ];
}

function footOf(results: readonly Result[]): string[] {
  const [first] = results;
  if (!first) return ['No results.'];
  const rates = results.some((result) => [result, ...result.also].some((row) => row.moreIsBetter));
  const scales = [...new Set(results.map((result) => result.env.scale))].join(', ');
  return [
    `ratio: before ÷ after${rates ? ' (of rates after ÷ before)' : ''} with its 95 % interval; above 1 after is better.`,
    `${first.env.machineKind}, scale ${scales}, commit ${first.env.commit.slice(0, 12)}${first.env.dirty ? ' with changes' : ''}`,
    ...budgetsOf(results),
  ];
}

/** Which figures were taken without CPU limits: all, or those of the claims named. */
function budgetsOf(results: readonly Result[]): string[] {
  const free = results.filter(({ env }) => env.budgets === 'none').map(({ claim }) => claim);
  if (free.length === 0) return [];
  const where = free.length === results.length ? '' : ` in ${free.join(', ')}`;
  return [`budgets: none${where} (no box had a CPU limit)`];
}

interface Widths {
  metric: number;
  before: number;
  after: number;
  ratio: number;
  goal: number;
}

/** Every column as wide as its widest cell; the metric gets what is left and wraps. */
function widthsOf(rows: Cells[], columns: number): Widths {
  const widest = (key: keyof Widths) => Math.max(...rows.map((row) => row[key].length));
  const rest = { before: widest('before'), after: widest('after'), ratio: widest('ratio'), goal: widest('goal') };
  const taken = rest.before + rest.after + rest.ratio + rest.goal + 4 * GAP.length;
  return { ...rest, metric: Math.min(widest('metric') + 2, Math.max(LEAST_METRIC, columns - taken)) };
}

function line(cells: Cells, widths: Widths, paint: (text: string) => string): string[] {
  const [first = '', ...more] = wrap(cells.metric, widths.metric - 2);
  const figures = [
    `  ${first}`.padEnd(widths.metric),
    cells.before.padStart(widths.before),
    cells.after.padStart(widths.after),
    paint(cells.ratio.padEnd(widths.ratio)),
    paint(cells.goal),
  ];
  return [figures.join(GAP), ...more.map((text) => `    ${text}`)];
}

/** Breaks at spaces; a word that is longer than the line stands on a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
