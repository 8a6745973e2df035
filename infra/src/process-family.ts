import { setTimeout as sleep } from 'node:timers/promises';
import { allProcesses, descendantsOf, markedProcesses, orUndefined, type ProcessRow } from './processes.ts';

/** A process may fork while it is being ended; a family that is not gone after so many looks is beyond SIGKILL. */
const ROUNDS = 40;
const ROUND_MS = 50;
/** How long a process has between its abort signal and SIGKILL, in milliseconds. */
export const ABORT_MS = 1000;

/**
 * Remembers every process that came from its roots, also those that were handed to init and left their group since,
 * and ends them all.
 */
export class ProcessFamily {
  readonly #marker: string;
  readonly #roots = new Set<number>();
  readonly #aborts = new Map<number, NodeJS.Signals>();
  readonly #seen = new Map<number, ProcessRow>();

  /** @param marker - `NAME=value` that only the environment of this family holds. */
  constructor(marker: string) {
    this.#marker = marker;
  }

  /** @param abort - What it is sent, and given {@link ABORT_MS} for, before SIGKILL. */
  add(pid: number, abort?: NodeJS.Signals): void {
    this.#roots.add(pid);
    if (abort) this.#aborts.set(pid, abort);
  }

  /** Forgets a process that ended by itself: its pid may come round again as somebody else's. */
  drop(pid: number): void {
    this.#roots.delete(pid);
    this.#aborts.delete(pid);
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

  /**
   * SIGKILLs the whole family until no member is left, those last that have an abort signal. A round in which the processes
   * could not be listed kills none.
   */
  async end(): Promise<void> {
    const told = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const family = orUndefined(() => this.#members());
      if (family?.length === 0) {
        this.#roots.clear(); // their pids may come round again, see drop
        this.#aborts.clear();
        return;
      }
      const spared = round * ROUND_MS < ABORT_MS ? this.#abort(family ?? [], told) : [];
      for (const row of family ?? []) if (!spared.includes(row)) send(row.pid, 'SIGKILL');
      await sleep(ROUND_MS);
    }
  }

  /** @returns Those with an abort signal, told once, and what came of them: killed below it, such a process might not tidy up. */
  #abort(family: ProcessRow[], told: Set<number>): ProcessRow[] {
    const aborting = family.filter(({ pid }) => this.#aborts.has(pid));
    const spared = descendantsOf(new Set(aborting.map(({ pid }) => pid)), family);
    for (const { pid } of aborting.filter((row) => !told.has(row.pid))) {
      told.add(pid);
      send(pid, this.#aborts.get(pid) as NodeJS.Signals);
      for (const row of spared) send(row.pid, 'SIGCONT'); // a frozen process hears nothing but SIGKILL
    }
    return spared;
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

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone meanwhile
  }
}
