import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import type { Stage } from '@day90/infra';
import type { Outcome } from './outcomes.ts';
import type { Proof } from './proofs.ts';

/** Why a proof's last outcome says nothing of the code that is here, in a few words; undefined where it does. */
export type Staleness = (proof: Proof, outcome: Outcome | undefined) => string | undefined;

/** No code that a bench loads: what changed there changes no figure. */
const APART = [':!*.md', ':!**/test/**'];

/**
 * Looks at what has changed since a proof ran: the stage it is of, those before it, of which it is made, and core. Each
 * question is asked of git once.
 */
export function staleness(root: string, stages: readonly Stage[]): Staleness {
  const asked = new Map<string, boolean | undefined>();
  const changed = (commit: string, paths: readonly string[]) => {
    const key = [commit, ...paths].join(' ');
    if (!asked.has(key)) asked.set(key, hasChanged(root, commit, paths));
    return asked.get(key);
  };
  return (proof, outcome) => {
    if (!outcome) return 'never run here';
    if (outcome.state === 'void' || outcome.state === 'unreadable') return outcome.state;
    if (outcome.commit === undefined || outcome.dirty) return 'of code that no commit has';
    const since = changed(outcome.commit, pathsOf(proof, root, stages));
    if (since === undefined) return 'its commit is not in this repository';
    return since ? 'the code has changed since' : undefined;
  };
}

function pathsOf({ kind, stage, file }: Proof, root: string, stages: readonly Stage[]): string[] {
  if (kind === 'test') return [file ?? '', ...sourcesBeside(file ?? '')];
  const at = stages.findIndex(({ name }) => name === stage);
  const made = stages.slice(0, at + 1).map(({ folder }, i) => {
    const path = relative(root, folder);
    return i === at ? path : `${path}/src`;
  });
  return [...made, 'shared/core/src', ...APART, `:!stages/*/${kind === 'claim' ? 'drills' : 'claims'}/**`];
}

/** `stages/day1-sqlite/src` of `stages/day1-sqlite/test/plans.test.ts`. */
function sourcesBeside(file: string): string[] {
  const folder = file.slice(0, Math.max(0, file.indexOf('/test/')));
  return [`${folder}/src`];
}

/** @returns undefined where git knows no such commit, as in a shallow clone. */
function hasChanged(root: string, commit: string, paths: readonly string[]): boolean | undefined {
  try {
    execFileSync('git', ['-C', root, 'diff', '--quiet', commit, '--', ...paths], { stdio: 'ignore' });
    return false;
  } catch (error) {
    return (error as { status?: number }).status === 1 ? true : undefined;
  }
}
