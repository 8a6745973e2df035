/** A sentence of the guide, a trap in it, or a line of its checklist, and what proves it here. */
export interface LedgerRow {
  /** `C1` a claim of the guide, `T1` where it is wrong or silent, `K1` a line of its checklist. */
  id: string;
  says: string;
  /** The figure that the guide gives with it. */
  figure?: string;
  /** What holds here and why, where that is something else. Without measured figures: those stand in the results. */
  holds?: string;
  /** Rows whose proofs are this one's as well. */
  as?: readonly string[];
  /** Claims of a bench beside those that name the row in their `proves`: `stage-1.feed`. */
  claims?: readonly string[];
  /** By their numbers. */
  drills?: readonly number[];
  tests?: readonly TestProof[];
}

/** One test, by its file and its own name as it stands there, without the names of what is around it. */
interface TestProof {
  file: string;
  name: string;
}
