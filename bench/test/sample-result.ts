import type { Arm, Result, ResultBody } from '../src/result.ts';
import { sealResult } from '../src/result.ts';
import { compareBlocks, latencyOf, type PairedBlock } from '../src/statistics.ts';
import { noise } from './noise.ts';

/** Made-up figures of a claim: test data, measured nowhere. Anything can be replaced; the hash fits in the end. */
export function sampleResult(changes: Partial<ResultBody> = {}): Result {
  const blocks = sampleBlocks(30, 2.9);
  const { before, after, estimate, lo, hi, floor, verdict, lag1, bootstrap, aa } = compareBlocks(blocks);
  return sealResult({
    schema: 1,
    ...{ stage: 'stage-0', claim: 'sample', title: 'One query instead of many', proves: ['C1'] },
    takenAt: '2026-01-02T03:04:05.000Z',
    quick: false,
    arms: [sampleArm('before', 'stage-0-naive', 1.2), sampleArm('after', 'stage-0', 0.4)],
    ...{ metric: 'database time, p50 per block', unit: 'ms', before, after, estimate, lo, hi, floor, verdict },
    goal: { op: '>=', value: 2.5, met: lo >= 2.5 },
    also: [
      {
        ...{ metric: 'response time, p50 per block', unit: 'ms', before: 2.02, after: 1.4, estimate: 1.44 },
        ...{ lo: 1.41, hi: 1.47, floor: 1.03, verdict: 'faster' },
      },
    ],
    counts: [{ name: 'queries a request', before: 101, after: 1, goal: { op: '=', value: 1, met: true } }],
    accounting: { offered: 9_000, answered: 8_990, refused: 6, timedOut: 4, dropped: 0 },
    method: {
      notes: ['Both arms were up and loaded at the same time.'],
      ...{ blockSeconds: 2, warmupBlocks: 0, lag1, bootstrap },
      ...(aa && { aa }),
      generator: { name: 'k6', version: '1.8.1', rate: 300, ceiling: 2_400 },
    },
    blocks: blocks.map(({ before, after, aa = [1, 1] }, i) => ({
      ...{ t: 2 * i, before, after, dropped: false },
      aa: [aa[0], aa[1]],
    })),
    env: {
      machineKind: 'linux-x64-2cpu',
      ...{ os: 'Linux', kernel: '6.1.0', cpu: 'Sample CPU', cores: 2, memoryBytes: 8_000_000_000 },
      versions: { node: '24.11.0', k6: '1.8.1', sqlite: '3.50.4' },
      ...{ commit: '0123456789abcdef0123456789abcdef01234567', dirty: false, seed: 1, scale: 'medium' },
      ...{ budgets: 'none', throttled: 0, raised: { LOGIN_TURNS_PER_MINUTE: '1000' } },
    },
    ...changes,
  });
}

/** Blocks of two arms with 5 % noise each, the same every time. */
function sampleBlocks(count: number, ratio: number): PairedBlock[] {
  const { normal } = noise(21);
  const around = (value: number) => value * Math.exp(0.05 * normal());
  return Array.from({ length: count }, () => ({
    ...{ before: around(0.4 * ratio), after: around(0.4) },
    aa: [around(0.4), around(0.4)],
  }));
}

/** An arm with log-normal times around `ms`. */
export function sampleArm(name: string, label: string, ms: number): Arm {
  const { normal } = noise(ms * 1_000);
  const latency = latencyOf(Array.from({ length: 4_000 }, () => ms * Math.exp(0.3 * normal())));
  return { name, label, latency, rate: 150, cpuPerRequestUs: 1_000 * ms, rssBytes: 120_000_000 };
}
