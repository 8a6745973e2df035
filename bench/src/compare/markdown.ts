import { formatEstimate, formatHeadline, formatNumber, formatValue, formatVerdict } from '../report/format.ts';
import type { Result } from '../result.ts';
import type { ComparedRuns } from './compare-runs.ts';
import type { ComparedStages } from './compared-stages.ts';
import { stepOf } from './steps.ts';
import { curvesOf } from './sweep/curves.ts';

/** A whole run for a pull request. */
export function runMarkdown({ ladder, sweep, skipped, env, takenAt }: ComparedStages): string {
  const rows = ladder.map(({ stage, title = 'no claim yet', ours, yours, skipped: why }) => [
    ...[stage, title, yours ? headline(yours) : `not measured${why ? `: ${why}` : ''}`],
    ...[goalOf(yours), ours ? headline(ours) : '', stepOf(stage)?.guide ?? ''],
  ]);
  const curves = curvesOf(sweep ?? { pairs: [] }).map(({ stage, points, knee, carried }) => {
    const at = points.find(({ rate }) => rate === knee);
    return [
      stage,
      knee === undefined ? '' : `${formatNumber(knee)}/s`,
      carried === undefined ? 'none' : `${formatNumber(carried)}/s`,
      at?.nearP95 === undefined ? '' : formatValue(at.nearP95, 'ms'),
      at?.farP50 === undefined ? '' : formatValue(at.farP50, 'ms'),
    ];
  });
  return [
    markdownTable(['stage', 'claim', 'here', 'goal', 'ours', 'the guide'], rows),
    ...(curves.length > 0
      ? [markdownTable(['stage', 'knee', 'nearly all answered to', 'nearby p95', 'far away p50'], curves)]
      : []),
    ...(skipped.length > 0 ? [skipped.map(({ stage, why }) => `- ${stage} was left out: ${why}`).join('\n')] : []),
    `${env.machineKind}, ${env.cpu}, commit ${env.commit.slice(0, 12)}, ${takenAt.slice(0, 10)}`,
  ].join('\n\n');
}

/** Two runs for a pull request. */
export function runsMarkdown({ claims, alone }: ComparedRuns, names: readonly [string, string]): string {
  const rows = claims.map(({ name, first, second, difference, unlike }) => [
    ...[name, headline(first), headline(second), differenceText(difference), unlike.join(', ')],
  ]);
  return [
    markdownTable(['claim', ...names, 'second ÷ first', 'unlike'], rows),
    ...(alone.length > 0
      ? [`Only in one of them: ${alone.map(({ name, in: of }) => `${name} (${of})`).join(', ')}`]
      : []),
  ].join('\n\n');
}

const WORDS = { higher: 'higher', lower: 'lower', 'no-difference': 'no difference shown', void: 'void' } as const;

/** `no difference shown 1.02× [0.95–1.09]` */
export function differenceText(difference: ComparedRuns['claims'][number]['difference']): string {
  if (difference.verdict === 'void') return 'void';
  return `${WORDS[difference.verdict]} ${formatEstimate(difference)}`;
}

function headline(result: Result): string {
  return result.verdict === 'void'
    ? formatHeadline(result)
    : `${formatVerdict(result.verdict)} ${formatEstimate(result)}`;
}

function goalOf(result: Result | undefined): string {
  if (!result?.goal || result.verdict === 'void') return '';
  return result.goal.met ? 'met' : 'missed';
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
