/** What a box did for the request that was sent. */
export interface Step {
  box: string;
  text: string;
  /** Since the first one began. */
  afterMs: number;
  ms?: number;
}

/** A request that was sent from the page, and its way. */
export interface Sent {
  /** Where it was sent from. */
  from: string;
  id: string;
  path: string;
  status: number;
  ms: number;
  steps: Step[];
  /** The command that shows its way. */
  command: string;
}
