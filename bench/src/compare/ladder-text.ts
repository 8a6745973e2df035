import { table } from '@day90/infra';
import { formatEstimate, formatNumber, formatValue, formatVerdict } from '../report/format.ts';
import type { Result } from '../result.ts';
import { bothSides } from './both-sides.ts';
import type { ComparedStages } from './compared-stages.ts';
import type { LadderRow } from './ladder.ts';
import { stepOf } from './steps.ts';
import { curvesOf, neighboursOf } from './sweep/curves.ts';
import type { Sweep } from './sweep/sweep.ts';

/** The ladder as the repository has it, before anything is measured. */
export function ourLadderText(ladder: readonly LadderRow[]): string {
  const rows = ladder.map(({ stage, claim, ours }) => [
    stage,
    claim ?? 'no claim yet',
    bothSides(ours),
    ours ? verdict(ours) : 'none in the repository',
    stepOf(stage)?.guide ?? '',
  ]);
  const machine = ladder.find(({ ours }) => ours)?.ours?.env;
  const on = machine ? `, on ${machine.machineKind} (${machine.cpu})` : '';
  return `Ours, from bench/results${on}:\n\n${table([['STAGE', 'CLAIM', 'BEFORE → AFTER', 'RATIO', 'THE GUIDE'], ...rows])}\n`;
}

/** A whole run, for a terminal. */
export function runText({ ladder, sweep, skipped }: ComparedStages): string {
  const measured = ladder.filter(({ yours }) => yours);
  const rows = measured.map(({ stage, claim = '', ours, yours }) => [
    ...[stage, claim, bothSides(yours), yours ? verdict(yours) : '–', goal(yours), ours ? verdict(ours) : '–'],
  ]);
  return [
    ...(rows.length > 0
      ? [`Here:\n\n${table([['STAGE', 'CLAIM', 'BEFORE → AFTER', 'RATIO', 'GOAL', 'OURS'], ...rows])}`]
      : []),
    ...(sweep && sweep.pairs.length > 0 ? [sweepText(sweep)] : []),
    ...(skipped.length > 0 ? [`Left out:\n${skipped.map(({ stage, why }) => `  ${stage}: ${why}`).join('\n')}`] : []),
  ]
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n');
}

function sweepText(sweep: Sweep): string {
  const rows = curvesOf(sweep).map(({ stage, points, knee, carried }) => {
    const at = points.find(({ rate }) => rate === knee);
    return [
      stage,
      knee === undefined ? '–' : `${formatNumber(knee)}/s`,
      carried === undefined ? 'none' : `${formatNumber(carried)}/s`,
      at?.nearP95 === undefined ? '–' : formatValue(at.nearP95, 'ms'),
      at?.farP50 === undefined ? '–' : formatValue(at.farP50, 'ms'),
      at?.cpuPerRequestUs === undefined ? '–' : formatValue(at.cpuPerRequestUs, 'µs'),
    ];
  });
  const pairs = neighboursOf(sweep).flatMap(({ before, after, rate, comparisons }) =>
    comparisons
      .filter((row) => row.verdict !== 'void')
      .map((row) => [
        `${before} → ${after}`,
        `${formatNumber(rate)}/s`,
        row.metric,
        `${formatVerdict(row.verdict)} ${formatEstimate(row)}`,
      ]),
  );
  const head = ['STAGE', 'KNEE', '99 % ANSWERED TO', 'NEAR P95', 'FAR P50', 'CPU A REQUEST'];
  const beside = pairs.length > 0 ? `\n${table([['NEIGHBOURS', 'AT', 'WHAT', 'RATIO'], ...pairs])}` : '';
  return `The same load on each, boxes of the same size; times at the knee:\n\n${table([head, ...rows])}${beside}`;
}

function verdict(result: Result): string {
  return result.verdict === 'void'
    ? `void: ${result.why ?? ''}`
    : `${formatVerdict(result.verdict)} ${formatEstimate(result)}`;
}

function goal(result: Result | undefined): string {
  if (!result?.goal || result.verdict === 'void') return '–';
  return result.goal.met ? 'met' : 'missed';
}
