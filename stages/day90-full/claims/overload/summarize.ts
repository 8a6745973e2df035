import {
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type Measurement,
  measuredValue,
  type PairedBlock,
  resultBlocks,
} from '@day90/bench';
import { findTool } from '@day90/infra';
import type { Rushed } from '../../drills/rush.ts';
import { ANSWERED_MS, CALM_SECONDS, LEAST_SHARE, OVER, OVER_SECONDS, REFUSED_MS } from '../../drills/rush-goals.ts';
import { isAnswered, isAnsweredByApp, isRefused, tookAt } from '../../drills/rushed.ts';
import { TIGHT_CPU } from '../../drills/tight.ts';
import { AT_ONCE, CAPACITY_FROM, CAPACITY_TO } from '../../drills/tight-warm-up.ts';
import { calmAfter, within } from './by-second.ts';
import { HALF_SECONDS, type Rushes } from './rush-onto.ts';

/** An answer that is of use: a second later most readers have gone. */
const IN_TIME_MS = 500;
/** Of what the generator can send at its ceiling, and by how much it may be late at p99. */
const LARGEST_SHARE = 0.7;
const MOST_LATE_MS = 50;

interface BothRushes {
  before: Rushes;
  after: Rushes;
  /** Requests a second that the boxes can answer. */
  capacity: number;
  /** Those that the generator can send here. */
  ceiling: number;
}

/** What came of both crowds. */
export function summarize(
  { seed, judged, quick }: MeasureContext,
  { before, after, capacity, ceiling }: BothRushes,
): Measurement {
  const rate = capacity * OVER;
  const late = tookAt(
    after.over.map((hit) => ({ ...hit, took: hit.late })),
    0.99,
  );
  const seconds = Array.from({ length: OVER_SECONDS }, (_, i) => i);
  const pairs: PairedBlock[] = seconds.map((second) => {
    const [ofBefore, ofAfter] = [before, after].map(({ over }) =>
      within(over, second).filter((hit) => !isRefused(hit)),
    );
    const half = (odd: number) =>
      tookAt(
        (ofAfter ?? []).filter((_, i) => i % 2 === odd),
        0.5,
      );
    return { before: tookAt(ofBefore ?? [], 0.5), after: tookAt(ofAfter ?? [], 0.5), aa: [half(0), half(1)] as const };
  });
  const comparison = compareBlocks(pairs, { seed, leastBlocks: quick ? 8 : OVER_SECONDS - 5 });
  const halfP99 = tookAt(after.half.filter(isAnswered), 0.99);
  const goal = (op: '<=' | '>=' | '=', value: number) => (judged ? { op, value } : undefined);
  const useful = ({ over }: Rushes) =>
    seconds.map(
      (second) =>
        within(over, second).filter((hit) => isAnsweredByApp(hit) && hit.took <= IN_TIME_MS).length / capacity,
    );
  const refused = after.over.filter(isRefused);
  const refusedAtHalf = after.half.length - after.half.filter(isAnswered).length;
  const sent = [before, after].flatMap(({ half, over, after: late }) => [...half, ...over, ...late]);
  const count = (is: (hit: Rushed) => boolean) => sent.filter(is).length;
  return {
    metric: 'from when they came to an answer, p50 per second, of those who were not refused',
    unit: 'ms',
    comparison,
    arms: [
      {
        name: 'before',
        label: 'lets everybody in',
        latency: latencyOf(before.over.filter(isAnswered).map(({ took }) => took)),
      },
      { name: 'after', label: 'stage-7', latency: latencyOf(after.over.filter(isAnswered).map(({ took }) => took)) },
    ],
    counts: [
      {
        name: 'refused at half of what the boxes can answer: sent, and refused',
        ...{ before: after.half.length, after: refusedAtHalf },
        ...(judged && { goal: { op: '=' as const, value: 0, met: refusedAtHalf === 0 } }),
      },
    ],
    values: [
      measuredValue('what the boxes can answer', '/s', capacity),
      measuredValue(
        `answered within ${IN_TIME_MS} ms at ${OVER} times, share of that`,
        '',
        useful(after),
        goal('>=', LEAST_SHARE),
      ),
      measuredValue('the same where everybody is let in', '', useful(before)),
      measuredValue('answered at half, p99', 'ms', halfP99),
      measuredValue(
        `answered at ${OVER} times, p99`,
        'ms',
        tookAt(after.over.filter(isAnswered), 0.99),
        goal('<=', Math.round(Math.max(3 * halfP99, ANSWERED_MS))),
      ),
      measuredValue('the same where everybody is let in', 'ms', tookAt(before.over.filter(isAnswered), 0.99)),
      measuredValue('refused, p99', 'ms', refused.length > 0 ? tookAt(refused, 0.99) : 0, goal('<=', REFUSED_MS)),
      measuredValue(
        'as before again, once half as many come',
        's',
        calmAfter(after, halfP99),
        goal('<=', CALM_SECONDS),
      ),
      measuredValue('the same where everybody is let in', 's', calmAfter(before, halfP99)),
    ],
    accounting: {
      ...{ offered: sent.length, answered: count(isAnswered), refused: count(isRefused), dropped: 0 },
      timedOut: count((hit) => !isAnswered(hit) && !isRefused(hit)),
    },
    generator: { name: 'vegeta', version: findTool('vegeta')?.version ?? 'none', rate, ceiling },
    blocks: resultBlocks(pairs, 1, comparison.warmupBlocks),
    blockSeconds: 1,
    notes: [
      `Three app boxes of ${TIGHT_CPU} core; all else runs free. What they can answer was asked by ${AT_ONCE} at once from the end of second ${CAPACITY_FROM} to that of second ${CAPACITY_TO} in their budgets, before their limits had come down to what they answer in time: ${capacity}/s. Then half of that for ${HALF_SECONDS} s, ${OVER} times as much for ${OVER_SECONDS} s, and half again.`,
      'An open load by vegeta at Seoul’s edge, latency from when a request was due: 60 % members who ask who they are, 35 % readers of one post each, most of which no edge has, 5 % who write. Nobody waits for longer than 15 s. Of what the boxes can answer, and of what they answered, that is no part which an edge had; times are those of all answers.',
      'The arms were loaded one after the other at the same rates, both of them up.',
      'As before: from then on no second in which somebody was refused, or had no answer, or its p99 was above 1.5 × that at half, or 100 ms where that is less. Where there was no such second, the end of the load is taken.',
      'A/A: every other request of the after arm against the rest.',
    ],
    voidBecause: [
      ...(rate > ceiling * LARGEST_SHARE
        ? [`${rate}/s is more than 70 % of the ${ceiling}/s that vegeta can send here`]
        : []),
      ...(late > MOST_LATE_MS ? [`one request in a hundred was sent ${Math.round(late)} ms late`] : []),
    ],
  };
}
