import { BadInput } from '@day90/infra';
import { type KeptOutcome, keepOutcomes } from './kept-outcomes.ts';
import type { LedgerEntry, LedgerProof } from './ledger.ts';
import type { ResultFolders } from './outcomes.ts';

/**
 * Keeps what drills and tests last said for others, to be committed. What a bench says is kept as its whole result, by
 * `pnpm bench --save`. Nothing is kept of code that no commit has, and of no quick look.
 * @throws {BadInput} Where the repository has no results beside which to keep them.
 */
export function saveOutcomes(entries: readonly LedgerEntry[], { committed: folder }: ResultFolders): void {
  if (folder === undefined)
    throw new BadInput('bench/results has no results of a machine yet: run pnpm bench <stage> --save first', {
      code: 'D90-NO-RESULTS',
    });
  const sound = Object.fromEntries(entries.flatMap(({ proofs }) => proofs.flatMap(worthKeeping)));
  keepOutcomes(folder, sound);
  process.stderr.write(`${Object.keys(sound).length} outcomes of drills and tests kept in ${folder}/proofs.json\n`);
}

function worthKeeping({ kind, name, outcome }: LedgerProof): [string, KeptOutcome][] {
  if (kind === 'claim' || !outcome || outcome.quick) return [];
  const { state, says, takenAt, machine, commit, dirty } = outcome;
  if (state === 'void' || state === 'unreadable' || !takenAt || !machine || !commit || dirty !== false) return [];
  return [[name, { state, says, takenAt, machine, commit, dirty }]];
}
