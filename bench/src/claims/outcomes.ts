import { existsSync, readFileSync } from 'node:fs';
import { drillResultSchema } from '../drill/drill-result.ts';
import { referenceFolder } from '../figures/reference-results.ts';
import { formatHeadline } from '../report/format.ts';
import { parseResult, type Result } from '../result.ts';
import { type KeptOutcome, readKept } from './kept-outcomes.ts';
import type { Proof } from './proofs.ts';

/** What the last run of a proof has shown. */
export interface Outcome extends Partial<Omit<KeptOutcome, 'state' | 'says'>> {
  /** `missed`: it ran, and a goal or a criterion does not hold. `unreadable`: cut off, changed by hand, of another schema. */
  state: KeptOutcome['state'] | 'void' | 'unreadable';
  /** The verdict with its figures, or what is wrong. */
  says: string;
  /** Taken with `--quick`. */
  quick?: boolean;
  /** From the repository, and not from this machine's `.run/results`. */
  committed?: boolean;
}

/** Where results lie: the repository's, where it has any, and this machine's own. */
export interface ResultFolders {
  committed?: string;
  local: string;
}

/** @throws {Error} When results of several machines are committed and none of them is named as the one to quote. */
export function resultFolders(root: string): ResultFolders {
  const local = `${root}/.run/results`;
  return existsSync(`${root}/bench/results`) ? { committed: referenceFolder(root), local } : { local };
}

/** An outcome, and how much it counts: a whole and sound run before a quick one, that before a void one. */
interface Found {
  outcome: Outcome;
  worth: number;
}

/** The outcome of a proof that counts, or nothing where it has never run: among equals the newest. */
export function lastOutcome(proof: Proof, folders: ResultFolders): Outcome | undefined {
  const found = (['committed', 'local'] as const).flatMap((which) => {
    const committed = which === 'committed';
    const folder = folders[which];
    if (folder === undefined) return [];
    return allIn(proof, folder, committed).map(({ outcome, worth }) => ({
      outcome: { ...outcome, committed },
      worth,
    }));
  });
  const newest = (a: Found, b: Found) => (b.outcome.takenAt ?? '').localeCompare(a.outcome.takenAt ?? '');
  return found.sort((a, b) => b.worth - a.worth || newest(a, b))[0]?.outcome;
}

function allIn(proof: Proof, folder: string, committed: boolean): Found[] {
  if (proof.kind === 'claim') return resultIn(`${folder}/${proof.name}.json`, committed);
  const kept = readKept(folder)[proof.name];
  return [
    ...(kept ? [{ outcome: kept, worth: 3 }] : []),
    ...(proof.kind === 'drill' ? drillIn(`${folder}/drills/${proof.name}.json`) : []),
  ];
}

function resultIn(file: string, committed: boolean): Found[] {
  if (!existsSync(file)) return [];
  try {
    const result = parseResult(readFileSync(file, 'utf8'), file.split('/').at(-1) ?? file);
    return [{ outcome: ofResult(result), worth: result.verdict === 'void' ? 1 : result.quick ? 2 : 3 }];
  } catch (error) {
    // One that is committed is what the documents quote: whoever looks at the ledger must hear of it.
    return [{ outcome: { state: 'unreadable', says: (error as Error).message }, worth: committed ? 4 : 0 }];
  }
}

function ofResult(result: Result): Outcome {
  const { takenAt, env, verdict, quick } = result;
  const missed = verdict === 'void' ? [] : missedGoals(result);
  return {
    state: verdict === 'void' ? 'void' : missed.length > 0 ? 'missed' : 'holds',
    says: [`${quick ? 'quick: ' : ''}${formatHeadline(result)}`, ...missed.map((name) => `missed: ${name}`)].join('; '),
    ...{ takenAt, machine: env.machineKind, commit: env.commit, dirty: env.dirty, quick },
  };
}

/** The quantities of a result whose goal is not met, by name. */
function missedGoals({ metric, goal, also, counts, values = [] }: Result): string[] {
  const rows = [
    { name: metric, goal },
    ...also.map((row) => ({ name: row.metric, goal: row.goal })),
    ...[...counts, ...values].map((row) => ({ name: row.name, goal: row.goal })),
  ];
  return rows.filter((row) => row.goal?.met === false).map(({ name }) => name);
}

function drillIn(file: string): Found[] {
  if (!existsSync(file)) return [];
  const parsed = drillResultSchema.safeParse(jsonOf(file));
  if (!parsed.success) {
    const says = `${file.split('/').at(-1)} is no result of a drill (cut off?)`;
    return [{ outcome: { state: 'unreadable', says }, worth: 0 }];
  }
  const { outcome, checks, why, takenAt, env, quick } = parsed.data;
  const broken = checks.filter(({ passed }) => !passed);
  const held = `${checks.length - broken.length} of ${checks.length} criteria hold`;
  const says = [
    outcome === 'skipped' ? 'skipped' : `${quick ? 'quick: ' : ''}${held}`,
    ...(why === undefined ? [] : [why]),
    ...broken.map(({ criterion }) => `broken: ${criterion}`),
  ].join('; ');
  const state = outcome === 'passed' ? 'holds' : outcome === 'failed' ? 'missed' : 'skipped';
  const of = { takenAt, machine: env.machineKind, commit: env.commit, dirty: env.dirty, quick };
  return [{ outcome: { state, says, ...of }, worth: quick ? 2 : 3 }];
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
