import { BadInput } from './bad-input.ts';
import type { BoxSettings } from './box-settings.ts';
import { inOrder } from './in-order.ts';
import type { Supervisor } from './supervisor.ts';

/** The boxes of a run by name, in the order they were added. */
export class BoxSet {
  readonly #boxes = new Map<string, Supervisor>();
  readonly #make: (settings: BoxSettings) => Supervisor;

  constructor(make: (settings: BoxSettings) => Supervisor) {
    this.#make = make;
  }

  add(settings: BoxSettings): Supervisor {
    const supervisor = this.#make(settings);
    this.#boxes.set(settings.name, supervisor);
    return supervisor;
  }

  remove(name: string): void {
    this.#boxes.delete(name);
  }

  get all(): Supervisor[] {
    return [...this.#boxes.values()];
  }

  /** @throws {BadInput} Naming the boxes there are. */
  get(name: string): Supervisor {
    const supervisor = this.#boxes.get(name);
    if (!supervisor) throw new BadInput(`no box ${name}; boxes: ${[...this.#boxes.keys()].join(', ')}`);
    return supervisor;
  }

  /** The boxes that a box of the topology stands for: its replicas, or itself. */
  of(name: string): Supervisor[] {
    const found = this.all.filter(({ box }) => box.settings.of === name);
    return found.length > 0 ? found : [this.get(name)];
  }

  /** Each box as soon as those are done that it starts after. */
  inOrder(work: (supervisor: Supervisor) => Promise<unknown>): Promise<void> {
    return this.#each((a, b) => startsAfter(a, b), work);
  }

  /** Each box as soon as those are done that start after it. */
  inReverse(work: (supervisor: Supervisor) => Promise<unknown>): Promise<void> {
    return this.#each((a, b) => startsAfter(b, a), work);
  }

  #each(
    waits: (a: BoxSettings, b: BoxSettings) => boolean,
    work: (one: Supervisor) => Promise<unknown>,
  ): Promise<void> {
    // As they are now: one that is just being added is removed again when the instance is ended meanwhile.
    const boxes = new Map(this.#boxes);
    const settingsOf = (name: string) => (boxes.get(name) as Supervisor).box.settings;
    const waitsFor = (name: string) => [...boxes.keys()].filter((other) => waits(settingsOf(name), settingsOf(other)));
    return inOrder([...boxes.keys()], waitsFor, async (name) => void (await work(boxes.get(name) as Supervisor)));
  }
}

function startsAfter(box: BoxSettings, other: BoxSettings): boolean {
  return box.box.after?.includes(other.of) ?? false;
}
