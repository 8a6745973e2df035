import { type PacedRun, quantile } from '@day90/bench';
import { GOALS } from './goals.ts';
import type { Outcome } from './outcome.ts';
import type { MachineUse } from './tiers.ts';

/** One load at one rate, and what came of it. Times in milliseconds. */
export interface Load {
  /** Requests a second. */
  rate: number;
  seconds: number;
  outcome: Outcome;
  use: MachineUse;
  generator: { cores: number; lateMs: number };
  p99: number;
  p999: number;
  /** Share of all requests. */
  failed: number;
  /** All of it was as promised. */
  held: boolean;
}

/** Puts a load together, and judges it. */
export function loadOf(
  asked: { rate: number; seconds: number },
  run: Pick<PacedRun, 'cpuMicros' | 'seconds'>,
  use: MachineUse,
  outcome: Outcome,
): Load {
  const { took, failures, sent, late } = outcome;
  const [p99, p999] = [quantile(took, 0.99), quantile(took, 0.999)];
  const failed = failures.length / sent;
  const held = p99 < GOALS.p99 && p999 < GOALS.p999 && failed < GOALS.failed;
  const generator = { cores: run.cpuMicros / run.seconds / 1e6, lateMs: late };
  return { ...asked, outcome, use, generator, p99, p999, failed, held };
}

/** A sentence on one of them. */
export function loadInWords({ rate, seconds, p99, p999, failed, held }: Load): string {
  return `${rate} requests a second for ${seconds} s: p99 ${Math.ceil(p99)} ms, p99.9 ${Math.ceil(p999)} ms, ${Math.ceil(1e6 * failed)} of a million failed: ${held ? 'held' : 'not held'}.`;
}
