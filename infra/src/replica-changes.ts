import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { replicatedBox } from './box-names.ts';
import type { BoxSet } from './box-set.ts';
import { boxRssBytes } from './box-usage.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { outage } from './outage.ts';
import { takenPorts } from './ports.ts';
import { orUndefined } from './processes.ts';
import { type Progress, seconds } from './progress.ts';
import { readAnew } from './read-anew.ts';
import type { RunPlan } from './run-plan.ts';
import { checkCount, checkRoom } from './scale-bounds.ts';
import { startNew } from './start-new.ts';

/** Changes of a running instance: more or fewer replicas, new ones for old, other numbers, files read anew. One at a time. */
export class ReplicaChanges {
  readonly #plan: RunPlan;
  readonly #boxes: BoxSet;
  readonly #onChange: () => void;
  readonly #ending = new AbortController();
  readonly #turns = new OneAtATime(this.#ending.signal);

  /** @param onChange - Called when the set of boxes, or one of them, is another. */
  constructor(plan: RunPlan, boxes: BoxSet, onChange: () => void) {
    this.#plan = plan;
    this.#boxes = boxes;
    this.#onChange = onChange;
  }

  /** No change begins from now on, and the one under way gives up. */
  end(): void {
    this.#ending.abort(new BadInput('the instance is being ended'));
  }

  /**
   * Changes how many replicas a box has. More of them are asked for work once they are ready; fewer get no more work and
   * then drain.
   * @param name - The box; may be left out where only one has replicas.
   * @throws {BadInput} When so many are not possible here, or a new one does not start: then there are as many as before.
   */
  scale(name: string | undefined, count: number, say: Progress): Promise<void> {
    return this.#turns.run(say, async () => {
      const { of, box, replicas } = replicatedBox(this.#plan.topology, name);
      checkCount(of, box, count);
      const now = this.#plan.namesOf(of);
      if (replicas.kept && count < now.length)
        throw new BadInput(`${count} boxes of ${of}: there are ${now.length}, and each holds data of its own`);
      const next = this.#plan.namesFor(of, count);
      if (count > now.length) await this.#add(of, next, next.slice(now.length), say);
      else if (count < now.length) await this.#remove(of, next, now.slice(count), say);
    });
  }

  /**
   * Ends and starts each replica, one after the other.
   * @param force - Also where there is only one, and so nobody to answer meanwhile.
   * @throws {BadInput} For the first that does not end or come back as it should; those behind it are left alone.
   */
  roll(name: string | undefined, say: Progress, force = false): Promise<void> {
    return this.#turns.run(say, async () => {
      const { of, replicas } = replicatedBox(this.#plan.topology, name);
      const all = this.#boxes.of(of);
      if (all.length === 1) outage(of, say, force);
      for (const [i, supervisor] of all.entries()) {
        if (i > 0) await this.#pause(replicas.rollPauseMs ?? 0);
        const began = performance.now();
        await supervisor.roll().catch((error: Error) => {
          throw new BadInput(`${error.message}; the roll stopped at ${i + 1} of ${all.length}`);
        });
        const { name } = supervisor.box.settings;
        say(`${name} was ended and is back after ${seconds(performance.now() - began)} (${i + 1} of ${all.length})`);
      }
    });
  }

  /** Renders a box's files anew and has it read them. */
  reload(name: string, say: Progress): Promise<void> {
    return this.#turns.run(say, async () => {
      const boxes = this.#boxes.of(name);
      if (boxes.some(({ box }) => !box.settings.box.reload))
        throw new BadInput(`box ${name} can't read its files anew while it runs: its topology says no reload`);
      await readAnew(boxes, 'all');
    });
  }

  /**
   * Gives options of the topology other numbers, and has those boxes that read them in a file read it anew.
   * @throws {BadInput} When one is not allowed, or a box can't be told: then all are as before.
   */
  set(numbers: Record<string, number>, say: Progress): Promise<void> {
    return this.#turns.run(say, async () => {
      const before = this.#plan.setNumbers(numbers);
      await this.#tellReaders(() => void this.#plan.setNumbers(before), 'all numbers are as before');
    });
  }

  async #add(of: string, next: string[], added: string[], say: Progress): Promise<void> {
    const { signal } = this.#ending;
    const [first] = this.#boxes.of(of);
    const { pid } = first?.box ?? {};
    const rssBytes = pid === undefined ? 0 : boxRssBytes(pid);
    checkRoom(of, next.length, { count: next.length - added.length, rssBytes }, first?.box.cpu);
    const ports = Object.fromEntries(added.map((name) => [name, this.#plan.ports[name] ?? {}]));
    for (const { box, port } of await takenPorts(ports))
      throw new BadInput(`port ${port} (box ${box}) is taken`, { code: 'D90-PORT-TAKEN' });
    const supervisors = added.map((name) => this.#boxes.add(this.#plan.settingsOf(of, name)));
    try {
      await Promise.all(supervisors.map((supervisor) => startNew(supervisor, signal, say)));
      await this.#serve(of, next);
    } catch (error) {
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
      for (const name of added) this.#boxes.remove(name);
      throw error;
    }
  }

  async #remove(of: string, next: string[], removed: string[], say: Progress): Promise<void> {
    await this.#serve(of, next);
    const drain = async (name: string) => {
      const how = await this.#boxes.get(name).stop();
      this.#boxes.remove(name);
      say(`${name} has ended${how ? ` (${how})` : ''}`);
    };
    await Promise.all(removed.map(drain));
    this.#onChange();
  }

  /**
   * From now on these replicas get the work.
   * @throws {BadInput} When somebody can't be told of them: then it is as before.
   */
  async #serve(of: string, names: string[]): Promise<void> {
    const before = this.#plan.namesOf(of);
    this.#plan.setNames(of, names);
    await this.#tellReaders(() => this.#plan.setNames(of, before), `at work are ${before.join(', ')}, as before`);
    this.#onChange();
  }

  /** @param undo - Takes the change of the plan back, should somebody not be told of it. */
  async #tellReaders(undo: () => void, outcome: string): Promise<void> {
    const readers = this.#boxes.all.filter(({ box }) => box.settings.box.reload);
    try {
      await readAnew(readers, 'changed');
    } catch (error) {
      undo();
      for (const { box } of readers) orUndefined(() => box.settings.render());
      throw new BadInput(`${(error as Error).message}; ${outcome}`, { cause: error });
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#ending;
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
