import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput, endSignals, ensureSystemNeeds, seconds } from '@day90/infra';
import { PLANS, planOf } from '../plans.ts';
import { verifyFork } from './verify-fork.ts';

/**
 * Forks stages into folders outside of the workspace and works with each project as its reader would.
 * @param names - All there are when empty.
 * @throws {BadInput} Naming each that failed, and at what.
 */
export async function verifyForks(workspace: string, names: string[]): Promise<void> {
  const plans = names.length > 0 ? names.map(planOf) : PLANS;
  if (plans.some(({ has }) => has.cache)) await ensureSystemNeeds('stage-2', 'start');
  const ended = endSignals(() => 1);
  const folder = mkdtempSync(join(tmpdir(), 'fork-'));
  const failures: string[] = [];
  try {
    for (const plan of plans) {
      const startedAt = performance.now();
      const failure = await verifyFork(workspace, plan, join(folder, 'my-app'), ended.signal);
      const took = seconds(performance.now() - startedAt);
      console.log(
        `${failure === undefined ? 'ok    ' : 'FAILED'} ${plan.name} (${took})${failure ? `: ${failure}` : ''}`,
      );
      if (failure !== undefined) failures.push(`${plan.name} (${failure.split('\n')[0]})`);
      rmSync(join(folder, 'my-app'), { recursive: true, force: true });
    }
  } finally {
    ended.release();
    rmSync(folder, { recursive: true, force: true });
  }
  if (failures.length > 0) throw new BadInput(`forks that failed: ${failures.join(', ')}`);
}
