import { quantile } from '../statistics/describe.ts';
import { type Kind, PUBLIC_READS, WRITES } from './kinds.ts';

export const phases = ['warm-up', 'steady', 'fault', 'healed'] as const;
export type Phase = (typeof phases)[number];

/** `refused`: a 4xx that tells a member no, such as a 401 · `failed`: no answer, a 5xx or another body than what was asked for. */
type Outcome = 'ok' | 'refused' | 'failed';

/** One request of the load. Times in milliseconds since the load began. */
export interface Sent {
  kind: Kind;
  /** When it was due: a generator that is late must not make the answers look faster. */
  at: number;
  /** When its answer was whole, or it failed; absent while it waits. */
  end?: number;
  /** 0 without an answer. */
  status: number;
  outcome?: Outcome;
  /** What was wrong: an error's code, or what the body was not. */
  why?: string;
  /** `X-Served-By` */
  box?: string;
  /** `Server-Timing` */
  timing?: string;
  /** `Retry-After`, in seconds. */
  retryAfter?: number;
  /** How long after it was sent a kept connection was lost with it, without a word, in milliseconds. */
  cutAfterMs?: number;
  /** The id of what it was about: a post, or a member; absent for a list of all. */
  about?: string;
  /** Set when the load has ended, see {@link phaseOf}. */
  phase: Phase;
}

/** When the phases began, in milliseconds since the load did. */
export interface PhaseTimes {
  steadyAt: number;
  faultAt: number;
  healedAt: number;
  endAt: number;
}

/** A request that was under way when the fault came was met by it, and is none of the steady phase. */
export function phaseOf({ at, end }: Pick<Sent, 'at' | 'end'>, times: PhaseTimes): Phase {
  if (at >= times.healedAt) return 'healed';
  if (at >= times.faultAt || (end ?? Number.POSITIVE_INFINITY) > times.faultAt) return 'fault';
  return at >= times.steadyAt ? 'steady' : 'warm-up';
}

/** Milliseconds from when each was due to its end; those still waiting are left out. */
export function latencies(records: readonly Sent[]): number[] {
  return records.flatMap(({ at, end }) => (end === undefined ? [] : [end - at]));
}

/** A quantile of values in any order; 0 of nothing, which JSON can hold. */
export function quantileOf(values: readonly number[], p: number): number {
  return values.length === 0
    ? 0
    : quantile(
        [...values].sort((a, b) => a - b),
        p,
      );
}

/** How the requests of some records went. Latencies in milliseconds, of those that went as asked. */
export interface Tally {
  offered: number;
  ok: number;
  refused: number;
  failed: number;
  /** Without an outcome when the run ended. */
  waiting: number;
  p50: number;
  p99: number;
  max: number;
}

export function tally(records: readonly Sent[]): Tally {
  const good = latencies(records.filter(({ outcome }) => outcome === 'ok'));
  const count = (wanted: Outcome | undefined) => records.filter(({ outcome }) => outcome === wanted).length;
  return {
    offered: records.length,
    ok: good.length,
    refused: count('refused'),
    failed: count('failed'),
    waiting: count(undefined),
    p50: toMicros(quantileOf(good, 0.5)),
    p99: toMicros(quantileOf(good, 0.99)),
    max: toMicros(quantileOf(good, 1)),
  };
}

/** What lies behind is the clock's own noise. */
function toMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Kinds that are alike to whoever reads a table. */
export function groupOf({ kind }: Pick<Sent, 'kind'>): string {
  if (PUBLIC_READS.includes(kind)) return 'public reads';
  return WRITES.includes(kind) ? 'writes' : 'reads with a session';
}

/** Records by phase and by what `nameOf` makes of them, in the order of the phases. */
export function tallies(
  records: readonly Sent[],
  nameOf: (record: Sent) => string,
): ({ phase: Phase; of: string } & Tally)[] {
  const inPhase = (phase: Phase) =>
    [
      ...Map.groupBy(
        records.filter((record) => record.phase === phase),
        nameOf,
      ),
    ].sort();
  return phases.flatMap((phase) => inPhase(phase).map(([of, group]) => ({ phase, of, ...tally(group) })));
}

/** The load second by second, by when requests were due; a second is of the phase at its end. */
export function timeline(records: readonly Sent[], times: PhaseTimes): ({ t: number; phase: Phase } & Tally)[] {
  const seconds = Map.groupBy(records, ({ at }) => Math.floor(at / 1000));
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(([t, group]) => ({ t, phase: phaseOf({ at: t * 1000 + 999, end: 0 }, times), ...tally(group) }));
}
