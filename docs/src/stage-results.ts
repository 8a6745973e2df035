import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  formatEstimate,
  formatGoal,
  formatHeadline,
  formatMachine,
  formatValue,
  parseResult,
  type Result,
  referenceFolder,
} from '@day90/bench/documents';
import { parse } from 'yaml';

/** One claim of a stage as a table shows it. */
interface ResultRow {
  claim: string;
  title: string;
  metric: string;
  /** Title and metric in Korean, where both have a name there. */
  korean?: { title: string; metric: string };
  ours: ShownFigures;
  /** What this checkout measured, where it did. */
  yours?: ShownFigures;
  goal?: string;
  met?: boolean;
}

/** Figures of one run, as text. */
interface ShownFigures {
  before: string;
  after: string;
  ratio: string;
  takenAt: string;
}

/** What is known of a stage's claims. */
interface StageResults {
  machine: string;
  /** The machine of the reader's own results; absent without any. */
  yourMachine?: string;
  rows: ResultRow[];
}

/**
 * The committed results of all stages, each beside the one that this checkout measured.
 * @throws {Error} When a committed file is no result. One of the reader's own that can't be read is left out.
 */
export function stageResults(root: string): Record<string, StageResults> {
  const ours = resultsIn(referenceFolder(root), 'refuse');
  const yours = resultsIn(`${root}/.run/results`, 'leave out');
  const korean = koreanNames(root);
  const stages = Map.groupBy(ours, ({ stage }) => stage);
  return Object.fromEntries([...stages].map(([stage, results]) => [stage, ofStage(results, yours, korean)]));
}

/** What results are called in Korean, by their English names. */
function koreanNames(root: string): Record<string, string> {
  return parse(readFileSync(`${root}/docs/ko/result-names.yml`, 'utf8'));
}

function ofStage(ours: Result[], yours: Result[], korean: Record<string, string>): StageResults {
  const rows = ours.map((result) => {
    const own = yours.find(({ stage, claim }) => stage === result.stage && claim === result.claim);
    return { row: rowOf(result, own, korean), own };
  });
  const own = rows.find((row) => row.own)?.own;
  return {
    machine: ours[0] ? formatMachine(ours[0]) : '',
    ...(own && { yourMachine: formatMachine(own) }),
    rows: rows.map(({ row }) => row),
  };
}

function rowOf(result: Result, own: Result | undefined, korean: Record<string, string>): ResultRow {
  const { claim, title, metric, goal } = result;
  const [koreanTitle, koreanMetric] = [korean[title], korean[metric]];
  return {
    ...{ claim, title, metric },
    ...(koreanTitle && koreanMetric && { korean: { title: koreanTitle, metric: koreanMetric } }),
    ours: shown(result),
    ...(own && { yours: shown(own) }),
    ...(goal && { goal: formatGoal(goal, 'ratio'), met: goal.met }),
  };
}

function shown(result: Result): ShownFigures {
  const { before, after, unit, verdict, takenAt } = result;
  return {
    before: formatValue(before, unit),
    after: formatValue(after, unit),
    ratio: verdict === 'faster' ? formatEstimate(result) : formatHeadline(result),
    takenAt: takenAt.slice(0, 10),
  };
}

function resultsIn(folder: string, broken: 'refuse' | 'leave out'): Result[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /^stage-\d+\..+\.json$/.test(name));
  return files.sort().flatMap((name) => {
    try {
      return [parseResult(readFileSync(`${folder}/${name}`, 'utf8'), name)];
    } catch (error) {
      if (broken === 'refuse') throw error;
      return [];
    }
  });
}
