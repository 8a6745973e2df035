/** What a box has used so far, ended processes included. */
export interface BudgetUsage {
  /** CPU time of all processes of the box, user and system, in microseconds. */
  cpuMicros: number;
  /** Periods in which the box ran under a limit, and those of them in which it hit the limit. */
  periods: number;
  throttledPeriods: number;
}

/** The CPU limits of an instance's boxes, by whatever this system has for them. */
export interface Budgets {
  readonly kind: 'cgroup2' | 'cgroup1' | 'systemd' | 'none';
  /** The folders that {@link close} removes: a guardian's to remove when nobody is left to call it. */
  readonly folders: string[];
  /** The command that starts a box inside its budget; as given where nothing is needed. Asked anew at every start. */
  command(box: string, argv: string[]): string[];
  /** Puts a started process, and all it forks later, into the box's group. A process that is gone already is no error. */
  place(box: string, pid: number): void;
  /**
   * Limits a box to a share of one core (0.2 = 4 ms per 20 ms), or lifts the limit.
   * @throws {BadInput} When the system refuses it, as it does where this process itself is limited to less.
   */
  setCpu(box: string, share: number | undefined): void;
  /** Undefined where the system keeps no books for the box. */
  usage(box: string): BudgetUsage | undefined;
  /** The folder of the box's group, or undefined. */
  group(box: string): string | undefined;
  /**
   * Freezes or thaws all processes of a box. A frozen one can still be killed.
   * @returns false where the system cannot.
   */
  freeze(box: string, frozen: boolean): boolean;
  /** Removes the groups; every process must be gone. */
  close(): void;
}
