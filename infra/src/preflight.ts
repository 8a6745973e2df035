import { homedir } from 'node:os';
import type { Check } from './check.ts';
import { machineChecks } from './machine-checks.ts';
import { stageChecks } from './stage-checks.ts';
import { chosenStages } from './stages.ts';

const PREFLIGHT_SCHEMA = 1;

/** What `preflight --json` prints. Holds no user name: the home folder is `~`. */
export interface Preflight {
  schema: typeof PREFLIGHT_SCHEMA;
  /** No check failed. */
  ok: boolean;
  stages: string[];
  checks: Check[];
}

/**
 * Looks at all a stage needs (every stage unless told), changing nothing.
 * @throws {BadInput} For an unknown stage.
 */
export async function preflight(workspace: string, stage?: string): Promise<Preflight> {
  const stages = chosenStages(workspace, stage);
  const checks = [...(await machineChecks(workspace)), ...(await stageChecks(workspace, stages))].map(withoutHome);
  return {
    schema: PREFLIGHT_SCHEMA,
    ok: checks.every((check) => check.status !== 'fail'),
    stages: stages.map(({ name }) => name),
    checks,
  };
}

function withoutHome(check: Check): Check {
  const home = homedir();
  // Root's home in a container may be `/`, which is in every path.
  return home.length > 1 ? { ...check, found: check.found.replaceAll(home, '~') } : check;
}
