import { setTimeout as sleep } from 'node:timers/promises';
import { allProcesses, descendantsOf, markedProcesses, orUndefined, type ProcessRow } from './processes.ts';

/** A process may fork while it is being ended; a family that is not gone after so many looks is beyond SIGKILL. */
const ROUNDS = 40;
const ROUND_MS = 50;

/**
 * Remembers every process that came from its roots, also those that were handed to init and left their group since,
 * and ends them all.
 */
export class ProcessFamily {
  readonly #marker: string;
  readonly #roots = new Set<number>();
  readonly #seen = new Map<number, ProcessRow>();

  /** @param marker - `NAME=value` that only the environment of this family holds. */
  constructor(marker: string) {
    this.#marker = marker;
  }

  add(pid: number): void {
    this.#roots.add(pid);
  }

  /** Forgets a process that ended by itself: its pid may come round again as somebody else's. */
  drop(pid: number): void {
    this.#roots.delete(pid);
    this.#seen.delete(pid);
  }

  /** Takes note of the descendants alive now. */
  look(rows = allProcesses()): ProcessRow[] {
    const known = [...this.#seen.values()].filter((seen) => rows.some((row) => isSame(row, seen)));
    this.#seen.clear();
    const roots = new Set([...this.#roots, ...known.map((row) => row.pid)]);
    const family = descendantsOf(roots, rows);
    for (const row of family) this.#seen.set(row.pid, row);
    return family;
  }

  /** SIGKILLs the whole family until no member is left. A round in which the processes could not be listed kills none. */
  async end(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const family = orUndefined(() => this.#members());
      if (family?.length === 0) {
        this.#roots.clear(); // their pids may come round again, see drop
        return;
      }
      for (const row of family ?? []) kill(row.pid);
      await sleep(ROUND_MS);
    }
  }

  #members(): ProcessRow[] {
    const rows = allProcesses();
    for (const pid of markedProcesses(this.#marker, rows)) this.#roots.add(pid);
    return this.look(rows).filter((row) => row.pid !== process.pid);
  }
}

function isSame(a: ProcessRow, b: ProcessRow): boolean {
  return a.pid === b.pid && a.started === b.started;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}
