import { z } from 'zod';
import { environmentShape } from '../../result.ts';
import { parseSealed, sealed } from '../../sealed.ts';
import { pairRun } from './pair-run.ts';

/** Raised with every change of the shape below, and of a pair's. */
const SWEEP_SCHEMA = 1;

const body = z.strictObject({
  schema: z.literal(SWEEP_SCHEMA),
  kind: z.literal('sweep'),
  takenAt: z.iso.datetime(),
  /** By small steps, with many turns. */
  full: z.boolean(),
  pairs: z.array(pairRun),
  skipped: z.array(z.strictObject({ stage: z.string(), why: z.string(), broken: z.literal(true).optional() })),
  /** How it was measured, one sentence a line. */
  notes: z.array(z.string()),
  generator: z.strictObject({ name: z.string(), version: z.string() }),
  env: environmentShape,
});

const sweepSchema = body.extend({ sha256: z.string() });

/** All stages under the same load, in pairs of neighbours: what `pnpm compare` keeps beside the results of the claims. */
export type Sweep = z.infer<typeof sweepSchema>;
export type SweepBody = z.infer<typeof body>;

/** Its name in a folder of results. */
export const SWEEP_FILE = 'compare.sweep.json';

export function sealSweep(sweep: Omit<SweepBody, 'schema' | 'kind'>): Sweep {
  return sealed({ schema: SWEEP_SCHEMA, kind: 'sweep' as const, ...sweep });
}

/** @throws {Error} With one line that names the file and what is wrong with it. */
export function parseSweep(text: string, name: string): Sweep {
  return parseSealed(text, name, { number: SWEEP_SCHEMA, shape: sweepSchema, what: 'a sweep' });
}
