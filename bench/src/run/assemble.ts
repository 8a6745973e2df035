import type { Scale } from '@day90/infra';
import type { Claim, Measurement } from '../claim.ts';
import { comparisonOf } from '../claim.ts';
import { RESULT_SCHEMA, type Result, type ResultBody, sealResult } from '../result.ts';
import type { environment } from './environment.ts';

/** What a result holds beside what was measured. */
export interface RunFacts {
  stage: string;
  quick: boolean;
  scale: Scale;
  seed: number;
  env: Awaited<ReturnType<typeof environment>>;
  versions: Record<string, string>;
}

const NO_REQUESTS = { offered: 0, answered: 0, refused: 0, timedOut: 0, dropped: 0 };

/** Makes the result file's content of one claim. What makes it void is said in `why`; no goal is met by a void run. */
export function assemble(claim: Claim, measured: Measurement, facts: RunFacts): Result {
  const { comparison } = measured;
  const reasons = [
    ...unlimited(measured),
    ...(measured.voidBecause ?? []),
    ...(comparison.why ? [comparison.why] : []),
  ];
  const why = reasons.join('; ');
  const body: ResultBody = {
    schema: RESULT_SCHEMA,
    ...{ stage: facts.stage, claim: claim.id, title: claim.title, proves: claim.proves },
    takenAt: new Date().toISOString(),
    quick: facts.quick,
    arms: measured.arms,
    ...comparisonOf(measured.metric, measured.unit, comparison),
    also: measured.also ?? [],
    counts: measured.counts ?? [],
    ...(measured.values && { values: measured.values }),
    accounting: measured.accounting ?? NO_REQUESTS,
    method: methodOf(measured),
    blocks: measured.blocks,
    env: {
      ...facts.env,
      versions: { ...facts.env.versions, ...facts.versions },
      ...{
        scale: facts.scale,
        seed: facts.seed,
        budgets: measured.budgets ?? 'none',
        throttled: throttledOf(measured),
      },
      raised: (claim.kind === 'k6' && claim.raised) || {},
    },
  };
  return sealResult(why ? voided(body, why) : body);
}

/** What is loaded to its limit, as wrk does, has none where no budget can be set: then only the machine's own is found. */
function unlimited({ generator, budgets }: Measurement): string[] {
  if (generator?.name !== 'wrk' || (budgets ?? 'none') !== 'none') return [];
  return [
    'nothing on this system limits a box to its share of a core, so no box was at its limit (`pnpm preflight`: budgets)',
  ];
}

/** Of the box that was stopped at its limit most. */
function throttledOf({ arms }: Measurement): number {
  return Math.max(0, ...arms.flatMap((arm) => (arm.boxes ?? []).map((box) => box.throttled)));
}

function methodOf(measured: Measurement): ResultBody['method'] {
  const { warmupBlocks, lag1, bootstrap, aa } = measured.comparison;
  return {
    notes: measured.notes,
    blockSeconds: measured.blockSeconds,
    ...{ warmupBlocks, lag1, bootstrap },
    ...(aa && { aa }),
    ...(measured.generator && { generator: measured.generator }),
  };
}

function voided(body: ResultBody, why: string): ResultBody {
  const unmet = <T extends { goal?: { met: boolean } | undefined }>(row: T): T =>
    row.goal ? { ...row, goal: { ...row.goal, met: false } } : row;
  return {
    ...unmet(body),
    ...{ verdict: 'void', why },
    also: body.also.map((row) => ({ ...unmet(row), verdict: 'void' as const })),
    counts: body.counts.map(unmet),
    ...(body.values && { values: body.values.map(unmet) }),
  };
}
