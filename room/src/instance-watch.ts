import { InstanceLogs, type ReadyFile, runFolder } from '@day90/infra';
import { expectationOf, isOf } from './expectations.ts';
import { type BoxState, type Heard, hear } from './heard.ts';
import { isBack } from './is-back.ts';
import { doorNear } from './scene.ts';
import type { Action, BoxFigures, Moment, Scene, Snapshot } from './snapshot.ts';
import { StandingFaults } from './standing-faults.ts';
import { Servers } from './told/ask-servers.ts';
import type { Told } from './told/told.ts';
import { TrafficMeter } from './traffic-meter.ts';
import { RunningTrial } from './trial.ts';
import { UsageMeter } from './usage-meter.ts';

/** Ten minutes. */
const KEPT_MOMENTS = 600;
const STALE_MS = 10_000;

/** Watches an instance: looks at it once whenever it is told to, and keeps the last ten minutes. */
export class InstanceWatch {
  readonly past: Moment[] = [];
  readonly #workspace: string;
  readonly #scene: Scene;
  readonly #traffic = new TrafficMeter();
  readonly #usage = new UsageMeter();
  readonly #faults = new StandingFaults();
  readonly #servers: Servers;
  #logs: InstanceLogs | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #heard: Heard | undefined;
  #boxes: BoxFigures[] = [];
  #trial: { running: RunningTrial; isBack: (heard: Heard) => boolean } | undefined;

  constructor(workspace: string, scene: Scene) {
    this.#workspace = workspace;
    this.#scene = scene;
    this.#servers = new Servers(workspace);
  }

  /** @throws {BadInput} When the instance is down. */
  async look(): Promise<Snapshot> {
    const heard = await hear(this.#workspace, this.#scene.instance);
    this.#heard = heard;
    this.#readLogs();
    const pids = Object.fromEntries(heard.states.map(({ box, pid }) => [box, pid]));
    const used = this.#usage.since(heard.usage, pids, performance.now());
    const { figures, ...told } = await this.#servers.ask(heard.ready);
    this.#boxes = heard.states.map((state) => ({
      ...this.#figures(state, heard.ready, figures),
      ...used.get(state.box),
    }));
    const trial = this.#trial?.running.look(this.#trial.isBack(heard), performance.now());
    const seenAt = this.#doors();
    const visitors = this.#traffic.together(seenAt);
    const snapshot = { at: Date.now(), boxes: this.#boxes, visitors, seenAt, ...told, ...(trial && { trial }) };
    this.#keep(snapshot);
    return snapshot;
  }

  /** Ends what it measures, and its connections. */
  end(): void {
    this.#trial?.running.end();
    this.#servers.close();
    this.#logs?.close();
  }

  /** Name of the box that has an address. */
  boxAt(address: string): string {
    const box = this.#heard?.ready.boxes.find(({ port }) => address === `127.0.0.1:${port}`);
    return box?.name ?? address;
  }

  /** What a box was when it was last looked at. */
  boxNamed(name: string): BoxFigures | undefined {
    return this.#boxes.find((box) => box.name === name);
  }

  /**
   * Measures from now on what an action does. What was measured before is over.
   * @param done - Resolves when it has been carried out; where that fails there is nothing to measure.
   */
  begin(action: Action, what: string, done: Promise<void>): void {
    const before = this.#heard?.states.find(({ box }) => box === action.box);
    const began = { action, before, isDone: false, faults: this.#faults };
    const mark = this.#markOf(action.box);
    const expectation = expectationOf(action, this.#scene, this.#boxes.filter((box) => box.mark === mark).length);
    const url = doorNear(action.box, this.#scene);
    const running = expectation && new RunningTrial({ what, expectation, url, now: performance.now() });
    if (running) {
      this.#trial?.running.end();
      this.#trial = { running, isBack: (heard) => isBack(began, heard) };
    }
    const carriedOut = () => {
      began.isDone = true;
      this.#faults.note(action, before?.pid ?? null);
    };
    const refused = () => {
      running?.end();
      if (this.#trial?.running === running) this.#trial = undefined;
    };
    done.then(carriedOut, refused);
  }

  #readLogs(): void {
    const now = performance.now();
    // While nobody looked, logs may have grown by more than a look has time for.
    if (now - this.#lookedAt > STALE_MS) {
      this.#logs?.close();
      this.#logs = new InstanceLogs(runFolder(this.#workspace, this.#scene.instance).logs, 'end');
    }
    this.#lookedAt = now;
    this.#traffic.add(this.#logs?.entries('"url"') ?? [], (address) => this.boxAt(address), Date.now());
  }

  #figures({ box, pid, state, restarts }: BoxState, ready: ReadyFile, told: Told['figures']): BoxFigures {
    const { cpuLimit: budget, port, ports } = ready.boxes.find(({ name }) => name === box) ?? {};
    const traffic = this.#traffic.of(box);
    const orders = ports?.page ?? port;
    const wrong = this.#faults.of(box, pid);
    const figures = told.get(box);
    return {
      ...{ name: box, mark: this.#markOf(box), state, pid, restarts },
      ...(orders !== undefined && { port: orders }),
      ...(wrong !== undefined && { wrong }),
      ...(budget !== undefined && { budget }),
      ...(traffic && { traffic }),
      ...(figures && { told: figures }),
    };
  }

  #markOf(box: string): string {
    return this.#scene.marks.find(({ name }) => isOf(box, name))?.name ?? box;
  }

  /** Where visitors come in: the edges where they write logs, else nginx, else the app. */
  #doors(): string[] {
    const names = this.#boxes.map(({ name }) => name);
    const known = (prefix: string) => names.filter((name) => name.startsWith(prefix) && this.#traffic.of(name));
    const [edges, proxies] = [known('edge-'), known('nginx')];
    return edges.length > 0 ? edges : proxies.length > 0 ? proxies : known('app');
  }

  #keep({ at, visitors: { perSecond, p95, errors }, boxes }: Snapshot): void {
    const cpu = Object.fromEntries(boxes.map(({ name, cpu = 0 }) => [name, Math.round(cpu * 1000) / 1000]));
    this.past.push({ at, perSecond, p95, errors, cpu });
    if (this.past.length > KEPT_MOMENTS) this.past.shift();
  }
}
