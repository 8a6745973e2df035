import type { LedgerRow } from './ledger-row.ts';
import { lastOutcome, type Outcome, type ResultFolders } from './outcomes.ts';
import { type Proof, type Provers, proofsOf } from './proofs.ts';
import { type Staleness, staleness } from './stale.ts';

/** A proof, what it showed last, and whether that still says something of the code that is here. */
export interface LedgerProof extends Proof {
  outcome?: Outcome;
  /** Why it should be run again; absent where it need not. */
  stale?: string;
}

/**
 * `unproven`: nothing here proves it. `not-run`: something would, and has no result. `missed`: the last run of one of its
 * proofs misses a goal, or failed. `holds`: none does, and one at least has run.
 */
export type RowState = 'holds' | 'missed' | 'not-run' | 'unproven';

/** A row with all that proves it. */
export interface LedgerEntry {
  row: LedgerRow;
  state: RowState;
  proofs: LedgerProof[];
}

/**
 * The ledger as the results have it.
 * @param chosen - Rows to show, out of `rows`, in which what a row sums up is looked for.
 */
export function ledgerOf(
  root: string,
  chosen: readonly LedgerRow[],
  rows: readonly LedgerRow[],
  provers: Provers,
  folders: ResultFolders,
): LedgerEntry[] {
  const stale = staleness(root, provers.stages);
  const looked = new Map<string, LedgerProof>();
  const look = (proof: Proof) => {
    const known = looked.get(proof.name) ?? withOutcome(proof, folders, stale);
    looked.set(proof.name, known);
    return { ...known, ...proof };
  };
  return chosen.map((row) => {
    const proofs = proofsOf(row, rows, provers).map(look);
    return { row, proofs, state: stateOf(proofs) };
  });
}

function withOutcome(proof: Proof, folders: ResultFolders, staleOf: Staleness): LedgerProof {
  const outcome = lastOutcome(proof, folders);
  const stale = staleOf(proof, outcome);
  return { ...proof, ...(outcome && { outcome }), ...(stale !== undefined && { stale }) };
}

function stateOf(proofs: readonly LedgerProof[]): RowState {
  const states = proofs.flatMap(({ outcome }) => (outcome ? [outcome.state] : []));
  if (proofs.length === 0) return 'unproven';
  if (states.includes('missed')) return 'missed';
  return states.includes('holds') ? 'holds' : 'not-run';
}
