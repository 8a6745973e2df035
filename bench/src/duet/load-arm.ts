import type { Guardian } from '@day90/infra';
import { allEnded } from './all-ended.ts';
import { watchHost } from './host-time.ts';
import { runWrk, type Wrk, type WrkCount } from './wrk.ts';

/** One side of a duet. */
export interface DuetArm {
  /** `1 box` */
  label: string;
  /** Its doors; each gets an equal part of the connections. */
  urls: string[];
  /** All its connections together: 32 for each box that is to be saturated, or more. */
  connections: number;
  /** What is asked for, by turns: paths, or whole requests. The urls' own path unless told. */
  requests?: readonly (string | DuetRequest)[];
  /** Every box whose CPU counts. */
  boxes: readonly DuetBox[];
}

/** More than the path of a GET. */
export interface DuetRequest {
  method?: 'POST' | 'PUT';
  path: string;
  headers: Record<string, string>;
  /** Sent as JSON, in one line. */
  body?: unknown;
}

/** A box of an arm. */
export interface DuetBox {
  name: string;
  /** The share of one core it is limited to; a box that runs free is only reported. */
  cpuShare?: number | undefined;
  /** It counts though it is not at its limit: an arm that gives it less to do than it could is measured as it is. */
  mayRest?: true;
  /** What it has used so far, as {@link Instance} says it. */
  usage(): BoxUsage;
  /** Sets or lifts its budget; absent where that is not the duet's business. */
  limit?(share: number | undefined): void;
}

export interface BoxUsage {
  cpuMicros: number;
  /** Scheduler periods that ended while it wanted to run, and those in which it had to stop: 0 where nothing is limited. */
  periods: number;
  throttledPeriods: number;
}

/** What one arm gave in one block. */
export interface ArmBlock {
  answered: number;
  refused: number;
  timedOut: number;
  broken: number;
  /** Answers as expected a second. */
  perSecond: number;
  /** Requests a second in two halves of the block's time, sliced a b b a …: as far as these differ, a difference means nothing. */
  labels: [number, number];
  /** In the order of the arm's boxes. `used` is a share of one core, `throttled` one of the periods. */
  boxes: { name: string; cpuMicros: number; used: number; throttled: number }[];
  /** Share of all the machine's cores that was idle meanwhile. */
  hostIdle: number;
  /** CPU time of the generator, in microseconds. */
  generatorMicros: number;
}

export interface ArmLoad {
  arm: DuetArm;
  wrk: Wrk;
  seconds: number;
  requests?: { file: string; first: number } | undefined;
  guardian: Guardian;
  signal: AbortSignal;
}

/** Loads all doors of an arm at once. The boxes' CPU is read while the load lasts, so that neither edge counts as rest. */
export async function loadArm(load: ArmLoad): Promise<ArmBlock> {
  const { arm } = load;
  const meter = new Meter(arm);
  const counts = await allEnded(
    arm.urls.map((url) =>
      runWrk({
        ...load,
        url,
        connections: arm.connections / arm.urls.length,
        onUp: () => meter.up(),
        onDone: () => meter.done(),
      }),
    ),
  );
  const sum = (of: (count: WrkCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    ...{ answered: sum((c) => c.answered), refused: sum((c) => c.refused), timedOut: sum((c) => c.timedOut) },
    broken: sum((c) => c.broken),
    perSecond: sum((c) => c.answered / c.seconds),
    labels: [sum((c) => c.labels[0]), sum((c) => c.labels[1])],
    ...meter.read(),
    generatorMicros: sum((c) => c.cpuMicros),
  };
}

/** Reads an arm's boxes when all its doors are under load, and again when the first of them no longer is. */
class Meter {
  readonly #arm: DuetArm;
  #doors = 0;
  #from: { at: number; usage: BoxUsage[]; idle: () => number } | undefined;
  #read: Pick<ArmBlock, 'boxes' | 'hostIdle'> | undefined;

  constructor(arm: DuetArm) {
    this.#arm = arm;
  }

  up(): void {
    this.#doors += 1;
    if (this.#doors < this.#arm.urls.length) return;
    this.#from = { at: performance.now(), usage: this.#usage(), idle: watchHost() };
  }

  done(): void {
    if (this.#read || !this.#from) return;
    const { at, usage: before, idle } = this.#from;
    const after = this.#usage();
    const micros = (performance.now() - at) * 1000;
    const boxes = this.#arm.boxes.map(({ name }, i) => {
      const [a, b] = [before[i] as BoxUsage, after[i] as BoxUsage];
      const cpuMicros = b.cpuMicros - a.cpuMicros;
      const periods = b.periods - a.periods;
      const throttled = periods > 0 ? (b.throttledPeriods - a.throttledPeriods) / periods : 0;
      return { name, cpuMicros, used: cpuMicros / micros, throttled };
    });
    this.#read = { boxes, hostIdle: idle() };
  }

  /** @throws {Error} When wrk never said that it had begun. */
  read(): Pick<ArmBlock, 'boxes' | 'hostIdle'> {
    if (!this.#read) throw new Error(`${this.#arm.label} was never under load`);
    return this.#read;
  }

  #usage(): BoxUsage[] {
    return this.#arm.boxes.map((box) => box.usage());
  }
}
