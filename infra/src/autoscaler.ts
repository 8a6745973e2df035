import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxSet } from './box-set.ts';
import type { Instance } from './instance.ts';
import { orUndefined } from './processes.ts';
import type { Progress } from './progress.ts';
import { readGauge } from './prometheus-gauge.ts';
import type { ScaledBox } from './scaled-topology.ts';
import { type BoxLoad, decideScale, type Wanted } from './scaling-policy.ts';
import type { Supervisor } from './supervisor.ts';

const LOOK_MS = 1000;
/** CPU time is compared with that of so many looks ago: within one, a box's own second-long habits would show. */
const LOOKS = 3;

/** What was read of a process: its CPU time, and when, in milliseconds. */
interface Reading {
  at: number;
  cpuMicros: number;
}

/** The readings of one process, from when it was first seen ready. */
interface Watched {
  pid: number;
  readings: Reading[];
  since: number;
}

/** Keeps as many boxes at work as their load needs: looks each second, decides by {@link decideScale}, adds and drains. */
export class Autoscaler {
  readonly #scaled: ScaledBox;
  readonly #boxes: BoxSet;
  readonly #instance: Pick<Instance, 'scale' | 'usage'>;
  readonly #say: Progress;
  readonly #ending = new AbortController();
  readonly #watched = new Map<string, Watched>();
  #wanted: Wanted[] = [];
  #changedAt: number | undefined;

  constructor(scaled: ScaledBox, boxes: BoxSet, instance: Pick<Instance, 'scale' | 'usage'>, say: Progress) {
    this.#scaled = scaled;
    this.#boxes = boxes;
    this.#instance = instance;
    this.#say = say;
  }

  /** No change begins from now on. The one under way is its instance's to end. */
  end(): void {
    this.#ending.abort();
  }

  /** Resolves after {@link end}. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#look();
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { of, scaling, bounds } = this.#scaled;
    const supervisors = this.#boxes.of(of);
    const loads = await Promise.all(supervisors.map((one) => this.#loadOf(one)));
    if (this.#ending.signal.aborted) return;
    const decision = decideScale(scaling, bounds, {
      ...{ at: performance.now() / 1000, boxes: loads, wanted: this.#wanted, changedAt: this.#changedAt },
    });
    this.#wanted = decision.wanted;
    if (decision.count !== supervisors.length) await this.#change(decision.count, loads);
  }

  async #change(count: number, loads: readonly BoxLoad[]): Promise<void> {
    const { of } = this.#scaled;
    this.#say(`${of}: ${loads.length} → ${count} boxes (${inWords(loads)})`);
    try {
      await this.#instance.scale(of, count);
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#say(`${of}: still ${loads.length} boxes: ${(error as Error).message}`);
    }
    // From its end on, also when it was refused: asked again each second, the same answer would come each second.
    this.#changedAt = performance.now() / 1000;
  }

  async #loadOf({ box, state }: Supervisor): Promise<BoxLoad> {
    const { name, ports } = box.settings;
    const { scaling } = this.#scaled;
    const { pid } = box;
    const used = orUndefined(() => this.#instance.usage(name)); // its books may be gone this moment, and it with them
    if (state !== 'up' || pid === undefined || !used) {
      this.#watched.delete(name);
      return { cpu: undefined, concurrency: undefined, readySeconds: 0 };
    }
    const reading = { at: performance.now(), cpuMicros: used.cpuMicros };
    const watched = this.#watch(name, pid, reading);
    const first = watched.readings[0] as Reading;
    const micros = (reading.at - first.at) * 1000;
    const { gauge = '', port = '' } = scaling.concurrency ?? {};
    return {
      cpu: micros > 0 ? (reading.cpuMicros - first.cpuMicros) / micros / scaling.budget : undefined,
      concurrency: ports[port] === undefined ? undefined : await readGauge(ports[port], gauge),
      readySeconds: (reading.at - watched.since) / 1000,
    };
  }

  #watch(name: string, pid: number, reading: Reading): Watched {
    const known = this.#watched.get(name);
    const watched = known?.pid === pid ? known : { pid, readings: [], since: reading.at };
    watched.readings = [...watched.readings, reading].slice(-1 - LOOKS);
    this.#watched.set(name, watched);
    return watched;
  }
}

function inWords(loads: readonly BoxLoad[]): string {
  const mean = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
  };
  const cpu = mean(loads.map((load) => load.cpu));
  const concurrency = mean(loads.map((load) => load.concurrency));
  return [
    cpu === undefined ? 'CPU unknown' : `${Math.round(cpu * 100)} % of the CPU budget each`,
    ...(concurrency === undefined ? [] : [`${Math.round(concurrency * 100)} % of their places taken`]),
  ].join(', ');
}
