/** One line of preflight. */
export interface Check {
  name: string;
  /** `warn`: it works, with the limits that `found` tells. */
  status: 'pass' | 'warn' | 'fail';
  found: string;
  /** The one command that mends it on this system. */
  mend?: string;
}
