import pc from 'picocolors';
import { formatCount, formatValue } from '../report/format.ts';
import { wrap } from '../report/table.ts';
import { type DrillResult, isAsItMust } from './drill-result.ts';

/** How the table is to look. */
export interface TableOptions {
  color: boolean;
  /** Width of the terminal; reads well from 80 on. */
  columns: number;
}

/** Of the verdict in front of each criterion, with its spaces. */
const MARK_WIDTH = 10;

type Paint = ReturnType<typeof pc.createColors>;

/**
 * Drills as text for a terminal: each one's criteria with what was seen, then its load by phase and kind.
 * @param options - Default: as the standard output is, and plain where that is no terminal or NO_COLOR is set.
 */
export function renderDrills(results: readonly DrillResult[], options: TableOptions = terminal()): string {
  const paint = pc.createColors(options.color);
  const lines = results.flatMap((result) => [...drillLines(result, paint, options.columns), '']);
  return `${[...lines, summary(results, paint)].map((line) => line.trimEnd()).join('\n')}\n`;
}

function terminal(): TableOptions {
  const { stdout, env } = process;
  return { color: stdout.isTTY === true && !env.NO_COLOR, columns: stdout.columns ?? 80 };
}

function drillLines(result: DrillResult, paint: Paint, columns: number): string[] {
  const { stage, name, title, mutation, why, checks, groups, quick } = result;
  return [
    `${paint.bold(`${stage}  ${name}`)}  ${title}`,
    ...(mutation ? [paint.yellow(`  without its protection: ${mutation.title}`)] : []),
    ...(why === undefined ? [] : [paint.yellow(`  ${result.outcome}: ${why}`)]),
    ...checkLines(checks, paint, columns),
    ...(groups.length > 0 ? ['', ...countLines(groups, paint)] : []),
    ...(quick ? [paint.yellow('  quick: shorter phases before and after the fault')] : []),
    verdict(result, paint),
  ];
}

function checkLines(checks: DrillResult['checks'], paint: Paint, columns: number): string[] {
  return checks.flatMap(({ criterion, value, passed }) => {
    const [first = '', ...more] = wrap(`${criterion} (${value})`, columns - MARK_WIDTH);
    const mark = passed ? paint.green('holds ') : paint.red('BROKEN');
    return [`  ${mark}  ${first}`, ...more.map((text) => `${' '.repeat(MARK_WIDTH + 2)}${text}`)];
  });
}

function countLines(groups: DrillResult['groups'], paint: Paint): string[] {
  const head = ['phase', '', 'offered', 'ok', 'refused', 'failed', 'p50', 'p99', 'max'];
  const rows = groups.map((row) => [
    ...[row.phase, row.of, formatCount(row.offered), formatCount(row.ok)],
    ...[formatCount(row.refused), formatCount(row.failed + row.waiting)],
    ...[row.p50, row.p99, row.max].map((ms) => (row.ok > 0 ? formatValue(ms, 'ms') : '–')),
  ]);
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]) =>
    `  ${cells.map((text, i) => (i < 2 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  ')}`;
  return [paint.dim(line(head)), ...rows.map(line)];
}

function verdict(result: DrillResult, paint: Paint): string {
  const { mutation, outcome } = result;
  const good = isAsItMust(result);
  if (outcome === 'skipped') return paint.yellow('  skipped, which is not passed');
  if (!mutation) return good ? paint.green('  passed') : paint.red('  FAILED');
  if (good) return paint.green('  failed without its protection, as it must');
  return outcome === 'passed'
    ? paint.red('  PASSED without its protection: the drill proves nothing')
    : paint.red(`  failed, but by none of the checks that the mutation is for (${mutation.breaks.join(', ')})`);
}

function summary(results: readonly DrillResult[], paint: Paint): string {
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  const wrong = results.filter((result) => !isAsItMust(result));
  const names = (list: readonly DrillResult[]) => list.map(({ stage, name }) => `${stage} ${name}`).join(', ');
  const good = results.length - skipped.length - wrong.length;
  const count = (n: number) => (n === 1 ? '1 drill was' : `${n} drills were`);
  const parts = [
    ...(good > 0 || wrong.length === 0 ? [`${count(good)} as ${good === 1 ? 'it' : 'they'} must be`] : []),
    ...(wrong.length > 0
      ? [paint.red(`${count(wrong.length)} not as ${wrong.length === 1 ? 'it' : 'they'} must be: ${names(wrong)}`)]
      : []),
    ...(skipped.length > 0 ? [paint.yellow(`skipped: ${names(skipped)}`)] : []),
  ];
  return parts.join('; ');
}
