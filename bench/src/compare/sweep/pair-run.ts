import { z } from 'zod';
import { accounting, comparison } from '../../result.ts';

const times = z.strictObject({ count: z.number(), p50: z.number(), p95: z.number(), p99: z.number() });

/** One stage at one rate. */
const point = z.strictObject({
  /** Of all turns of this rate together. */
  accounting,
  /** Of the answers as expected, in milliseconds, to visitors nearby and to those from far away; absent where there was none. */
  near: times.optional(),
  far: times.optional(),
  /** CPU time of all boxes of the stage for one answer, in microseconds. */
  cpuPerRequestUs: z.number().optional(),
  /** Share of all cores' time that nobody used, in the fullest turn. */
  hostIdle: z.number(),
});

const step = z.strictObject({
  /** Arrivals a second. */
  rate: z.number(),
  /** Absent where the stage had lost too many at a lower rate. */
  before: point.optional(),
  after: point.optional(),
  /** Of the two at this rate, slice by slice. */
  comparisons: z.array(comparison),
});

const sweptStage = z.strictObject({
  stage: z.string(),
  /** Its processes by role, and the share of a core that each one had; absent where it ran free. */
  boxes: z.array(z.strictObject({ role: z.string(), count: z.number(), cpuShare: z.number().optional() })),
  /** Resident memory of all its processes under load, in bytes. */
  rssBytes: z.number(),
});

/** Two stages that were up together, and loaded by turns at rising rates. */
export const pairRun = z.strictObject({
  before: sweptStage,
  after: sweptStage,
  steps: z.array(step),
  /** What this generator can send here at a constant answer, requests a second. */
  ceiling: z.number(),
  budgets: z.enum(['cgroup2', 'cgroup1', 'systemd', 'none']),
});

export type PairRun = z.infer<typeof pairRun>;
export type SweepStep = z.infer<typeof step>;
export type SweepPoint = z.infer<typeof point>;
export type SweptStage = z.infer<typeof sweptStage>;
export type Times = z.infer<typeof times>;
