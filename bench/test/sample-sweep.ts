import type { PairRun, SweepPoint, SweptStage } from '../src/compare/sweep/pair-run.ts';
import { type Sweep, type SweepBody, sealSweep } from '../src/compare/sweep/sweep.ts';
import { sampleResult } from './sample-result.ts';

/** A point of so many arrivals, of which a share was answered. */
export function samplePoint(rate: number, ms: number, answeredShare = 1, hostIdle = 0.5): SweepPoint {
  const offered = 10 * rate;
  const answered = Math.round(answeredShare * offered);
  return {
    accounting: { offered, answered, refused: 0, timedOut: 0, dropped: offered - answered },
    near: { count: answered, p50: ms / 2, p95: ms, p99: 2 * ms },
    far: { count: answered / 5, p50: ms + 200, p95: ms + 210, p99: ms + 230 },
    cpuPerRequestUs: 500,
    hostIdle,
  };
}

const ratio = { unit: 'ms', before: 4, after: 2, estimate: 2, lo: 1.9, hi: 2.1, floor: 1.03 };

/** Two stages at 100, 200 and 400 requests a second; the first one can't carry the last of them. */
export function samplePair(before: string, after: string): PairRun {
  const comparisons = [{ ...ratio, metric: 'response time nearby, p50', verdict: 'faster' as const }];
  return {
    before: sampleStage(before),
    after: sampleStage(after),
    steps: [
      { rate: 100, before: samplePoint(100, 4), after: samplePoint(100, 2), comparisons },
      { rate: 200, before: samplePoint(200, 5), after: samplePoint(200, 2.5), comparisons },
      { rate: 400, before: samplePoint(400, 300, 0.7), after: samplePoint(400, 4), comparisons },
    ],
    ceiling: 3_000,
    budgets: 'cgroup2',
  };
}

function sampleStage(stage: string): SweptStage {
  return { stage, boxes: [{ role: 'app', count: 3, cpuShare: 0.1 }], rssBytes: 250_000_000 };
}

/** Made-up figures of a sweep: test data, measured nowhere. */
export function sampleSweep(changes: Partial<SweepBody> = {}): Sweep {
  return sealSweep({
    takenAt: '2026-01-02T03:04:05.000Z',
    full: false,
    pairs: [samplePair('stage-1', 'stage-2'), samplePair('stage-2', 'stage-3')],
    skipped: [],
    notes: ['Neighbours were loaded by turns.'],
    generator: { name: 'k6', version: '1.8.1' },
    env: sampleResult().env,
    ...changes,
  });
}
