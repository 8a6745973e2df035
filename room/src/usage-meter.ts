import { allProcesses, type BudgetUsage, familyOf, memoryOf } from '@day90/infra';

/** Memory changes slowly, and reading that of thirty Postgres processes takes as long as all else here. */
const MEMORY_EVERY_MS = 30_000;

/** What a box used of the machine. */
export interface Used {
  cpu?: number;
  throttled?: number;
  memoryBytes?: number;
}

/** Makes shares of the sums that the launcher tells. */
export class UsageMeter {
  #before: { at: number; usage: Record<string, BudgetUsage> } | undefined;
  #memory = new Map<string, number>();
  #memoryAt = Number.NEGATIVE_INFINITY;
  /** Whose memory that is. */
  #processes = '';

  /** What each box used since the last time. @param now - A clock that goes on evenly, in milliseconds. */
  since(usage: Record<string, BudgetUsage>, pids: Record<string, number | null>, now: number): Map<string, Used> {
    const processes = Object.values(pids).join();
    // A box that was down when it was looked at has some again.
    if (processes !== this.#processes || now - this.#memoryAt >= MEMORY_EVERY_MS) this.#readMemory(pids, now);
    this.#processes = processes;
    const before = this.#before;
    this.#before = { at: now, usage };
    return new Map(
      Object.entries(usage).map(([box, one]) => {
        const memoryBytes = this.#memory.get(box);
        const shares = before && sharesOf(one, before.usage[box], now - before.at);
        return [box, { ...shares, ...(memoryBytes !== undefined && { memoryBytes }) }];
      }),
    );
  }

  #readMemory(pids: Record<string, number | null>, now: number): void {
    const rows = allProcesses();
    this.#memory = new Map(Object.entries(pids).map(([box, pid]) => [box, memoryOf(familyOf(pid, rows))]));
    this.#memoryAt = now;
  }
}

function sharesOf(now: BudgetUsage, before: BudgetUsage | undefined, ms: number): Used {
  if (!before || ms <= 0) return {};
  const periods = now.periods - before.periods;
  // Where nobody keeps books for a box, one that was started anew has used less than the one before it.
  const cpu = Math.max(0, now.cpuMicros - before.cpuMicros) / 1000 / ms;
  return { cpu, ...(periods > 0 && { throttled: (now.throttledPeriods - before.throttledPeriods) / periods }) };
}
