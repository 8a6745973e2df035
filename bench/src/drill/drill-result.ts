import { z } from 'zod';
import { writeWhole } from '../run/result-files.ts';
import { phases } from './records.ts';

/** Raised with every change of the shape below. */
const DRILL_SCHEMA = 1;

const count = z.int().nonnegative();
const phase = z.enum(phases);
/** Latencies in milliseconds from when a request was due, of those that went as asked; 0 where none did. */
const tally = {
  offered: count,
  ok: count,
  refused: count,
  failed: count,
  waiting: count,
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
};

/** A file of `.run/results/drills/`: one drill, or one of its mutants. */
export const drillResultSchema = z.strictObject({
  schema: z.literal(DRILL_SCHEMA),
  stage: z.string(),
  number: count,
  name: z.string(),
  title: z.string(),
  takenAt: z.iso.datetime(),
  /** Taken with `--quick`: shorter phases before and after the fault. */
  quick: z.boolean(),
  /** What was taken away, where the protection was. */
  mutation: z.strictObject({ title: z.string(), breaks: z.array(z.string()) }).optional(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** Why it was skipped or could not be run to its end. */
  why: z.string().optional(),
  checks: z.array(z.strictObject({ id: z.string(), criterion: z.string(), value: z.string(), passed: z.boolean() })),
  /** Starts of the phases, and the moments that the drill kept, in milliseconds since the load began. */
  marks: z.record(z.string(), z.number()),
  /** What else the drill counted. */
  facts: z.record(z.string(), z.number()),
  load: z.strictObject({ rate: z.number(), seed: z.number(), latestMs: z.number() }),
  /** By kind of request, and by kinds that are alike. */
  counts: z.array(z.strictObject({ phase, of: z.string(), ...tally })),
  groups: z.array(z.strictObject({ phase, of: z.string(), ...tally })),
  ledger: z.strictObject({
    ...{ acked: count, rejected: count, unknown: count },
    ...{ lost: z.array(z.string()), doubled: z.array(z.string()), ghosts: z.array(z.string()) },
  }),
  /** By second since the load began. */
  timeline: z.array(z.strictObject({ t: count, phase, ...tally })),
  env: z.strictObject({
    machineKind: z.string(),
    os: z.string(),
    kernel: z.string(),
    cpu: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    versions: z.record(z.string(), z.string()),
    commit: z.string(),
    /** Files differed from that commit. */
    dirty: z.boolean(),
    scale: z.enum(['small', 'medium', 'full']),
    /** How the boxes' CPU was limited, where the stage limits it. */
    budgets: z.enum(['cgroup2', 'cgroup1', 'systemd', 'none']),
  }),
});
export type DrillResult = z.infer<typeof drillResultSchema>;

/** Whether the command is content: a drill must not fail, and a mutant must, by a check that its mutation breaks. */
export function isAsItMust({ outcome, mutation, checks }: DrillResult): boolean {
  if (!mutation || outcome === 'skipped') return outcome !== 'failed';
  return checks.some(({ id, passed }) => !passed && mutation.breaks.includes(id));
}

/** Writes `<folder>/<stage>.<name>.json`, with `.mutant` before the ending for one, and returns its path. */
export function writeDrillResult(folder: string, result: DrillResult): string {
  const file = `${folder}/${result.stage}.${result.name}${result.mutation ? '.mutant' : ''}.json`;
  writeWhole(file, `${JSON.stringify(drillResultSchema.parse(result), null, 2)}\n`);
  return file;
}
