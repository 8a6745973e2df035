import type { Action } from './snapshot.ts';

/** Faults that stay until they are taken back, by box, with the process that has them: another one under its name has none. */
export class StandingFaults {
  readonly #of = new Map<string, { pid: number | null; what: string }>();

  /** Notes what an action puts in, or takes back. */
  note({ do: what, box, fault }: Action, pid: number | null): void {
    if (what === 'freeze') this.#of.set(box, { pid, what: 'frozen' });
    else if (what === 'pause') this.#of.set(box, { pid, what: 'paused' });
    else if (what === 'mail' && fault && fault !== 'none') this.#of.set(box, { pid, what: fault });
    else if (what === 'thaw' || what === 'resume' || what === 'mail') this.#of.delete(box);
  }

  /** What is wrong with a box whose process is this one; undefined when nothing is. */
  of(box: string, pid: number | null): string | undefined {
    const fault = this.#of.get(box);
    return fault?.pid === pid ? fault.what : undefined;
  }
}
