import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from '../run/result-files.ts';

const keptOutcome = z.strictObject({
  state: z.enum(['holds', 'missed', 'skipped']),
  says: z.string(),
  takenAt: z.iso.datetime(),
  machine: z.string(),
  commit: z.string(),
  /** Files differed from that commit. */
  dirty: z.boolean(),
});

/** What a drill or a test showed, without the rest of its result. */
export type KeptOutcome = z.infer<typeof keptOutcome>;

const keptFile = z.strictObject({ schema: z.literal(1), outcomes: z.record(z.string(), keptOutcome) });

/** The part of Jest's JSON that is read here. */
const jestReport = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })),
});

/**
 * Outcomes by the name of the proof, as they lie in a folder of results; empty where none do.
 * @throws {Error} In one line, for a file that is none or was cut off.
 */
export function readKept(folder: string): Record<string, KeptOutcome> {
  const file = fileIn(folder);
  if (!existsSync(file)) return {};
  try {
    return keptFile.parse(JSON.parse(readFileSync(file, 'utf8'))).outcomes;
  } catch {
    throw new Error(`${file} holds no outcomes of proofs (cut off?): delete it, and pnpm claims --run makes it anew`);
  }
}

/** Adds outcomes, and keeps the others that are there. Sorted by name, so that a diff shows what has changed. */
export function keepOutcomes(folder: string, outcomes: Record<string, KeptOutcome>): void {
  const all = Object.entries({ ...readKept(folder), ...outcomes }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeWhole(fileIn(folder), `${JSON.stringify({ schema: 1, outcomes: Object.fromEntries(all) }, null, 2)}\n`);
}

/**
 * What Jest's report says of one test, which may have run several times, as the HTTP contract does on each variant.
 * @returns `missed` when any of them failed, and also when none ran: a test that was renamed proves nothing.
 */
export function stateOfTest(report: string, name: string): KeptOutcome['state'] {
  const runs = jestReport
    .parse(JSON.parse(report))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter(({ title }) => title === name);
  if (runs.some(({ status }) => status === 'failed')) return 'missed';
  if (runs.some(({ status }) => status === 'passed')) return 'holds';
  return runs.length > 0 ? 'skipped' : 'missed';
}

function fileIn(folder: string): string {
  return `${folder}/proofs.json`;
}
