import { type BudgetUsage, control, InstanceLogs, type ReadyFile, runFolder } from '@day90/infra';
import { expectationOf, isOf } from './expectations.ts';
import { askPrometheus, type Told } from './prometheus.ts';
import type { Action, BoxFigures, Moment, Scene, Snapshot } from './snapshot.ts';
import { TrafficMeter } from './traffic-meter.ts';
import { RunningTrial } from './trial.ts';
import { UsageMeter } from './usage-meter.ts';

/** Ten minutes. */
const KEPT_MOMENTS = 600;

interface BoxState {
  box: string;
  pid: number | null;
  state: string;
  restarts: number;
}

/** What was last heard from the launcher. */
interface Heard {
  ready: ReadyFile;
  states: BoxState[];
}

/** Watches an instance: looks at it once whenever it is told to, and keeps the last ten minutes. */
export class InstanceWatch {
  readonly past: Moment[] = [];
  readonly #workspace: string;
  readonly #scene: Scene;
  readonly #traffic = new TrafficMeter();
  readonly #usage = new UsageMeter();
  readonly #logs: InstanceLogs;
  /** By box, the process that was frozen: another one under its name is not. */
  readonly #frozen = new Map<string, number>();
  #heard: Heard | undefined;
  #trial: { running: RunningTrial; isBack: (heard: Heard) => boolean } | undefined;

  constructor(workspace: string, scene: Scene) {
    this.#workspace = workspace;
    this.#scene = scene;
    this.#logs = new InstanceLogs(runFolder(workspace, scene.instance).logs, 'end');
  }

  /** @throws {BadInput} When the instance is down. */
  async look(): Promise<Snapshot> {
    const heard = await this.#hear();
    const { usage } = (await this.#ask('usage')) as { usage: Record<string, BudgetUsage> };
    this.#traffic.add(this.#logs.entries('"url"'), (address) => this.boxAt(address), Date.now());
    const pids = Object.fromEntries(heard.states.map(({ box, pid }) => [box, pid]));
    const used = this.#usage.since(usage, pids, performance.now());
    const told = await this.#told(heard.ready);
    const boxes = heard.states.map((state) => ({ ...this.#figures(state, heard.ready, told), ...used.get(state.box) }));
    const trial = this.#trial?.running.look(this.#trial.isBack(heard), performance.now());
    const visitors = this.#traffic.together(this.#doors());
    const snapshot = { at: Date.now(), boxes, visitors, alerts: told.alerts, ...(trial && { trial }) };
    this.#keep(snapshot);
    return snapshot;
  }

  /** Ends what it measures. */
  end(): void {
    this.#trial?.running.end();
  }

  /** Name of the box that has an address. */
  boxAt(address: string): string {
    const box = this.#heard?.ready.boxes.find(({ port }) => address === `127.0.0.1:${port}`);
    return box?.name ?? address;
  }

  /** What a box was when it was last looked at. */
  stateOf(name: string): BoxState | undefined {
    return this.#heard?.states.find(({ box }) => box === name);
  }

  /** Measures from now on what an action does. What was measured before is over. */
  begin(action: Action, what: string): void {
    const before = this.stateOf(action.box);
    const replicas =
      this.#heard?.states.filter(({ box }) => this.#markOf(box) === this.#markOf(action.box)).length ?? 1;
    const expectation = expectationOf(action, this.#scene, replicas);
    if (action.do === 'freeze' && before?.pid) this.#frozen.set(action.box, before.pid);
    if (action.do === 'thaw') this.#frozen.delete(action.box);
    if (!expectation) return;
    this.#trial?.running.end();
    const running = new RunningTrial({ what, expectation, url: this.#scene.url, now: performance.now() });
    this.#trial = { running, isBack: (heard) => this.#isBack(action, before, heard) };
  }

  #isBack(action: Action, before: BoxState | undefined, { states }: Heard): boolean {
    if (action.do === 'freeze') return !this.#isFrozen(action.box);
    if (action.do !== 'kill') {
      const boxes = states.filter(({ box }) => isOf(box, action.box));
      return boxes.every(({ state }) => state === 'up') && boxes.length === (action.count ?? boxes.length);
    }
    const now = states.find(({ box }) => box === action.box);
    return now?.state === 'up' && now.pid !== before?.pid;
  }

  #isFrozen(box: string): boolean {
    return this.#frozen.has(box) && this.#frozen.get(box) === this.stateOf(box)?.pid;
  }

  async #hear(): Promise<Heard> {
    const { ready, boxes } = (await this.#ask('status')) as { ready: ReadyFile; boxes: BoxState[] };
    this.#heard = { ready, states: boxes };
    return this.#heard;
  }

  #ask(what: 'status' | 'usage'): Promise<Record<string, unknown>> {
    return control(this.#workspace, this.#scene.instance, { do: what });
  }

  async #told({ boxes }: ReadyFile): Promise<Told> {
    const port = boxes.find(({ role }) => role === 'prometheus')?.port;
    return port === undefined ? { figures: new Map(), alerts: [] } : askPrometheus(port);
  }

  #figures({ box, pid, state, restarts }: BoxState, ready: ReadyFile, { figures }: Told): BoxFigures {
    const budget = ready.boxes.find(({ name }) => name === box)?.cpuLimit;
    const traffic = this.#traffic.of(box);
    const told = figures.get(box);
    return {
      ...{ name: box, mark: this.#markOf(box), state, pid, restarts, isFrozen: this.#isFrozen(box) },
      ...(budget !== undefined && { budget }),
      ...(traffic && { traffic }),
      ...(told && { told }),
    };
  }

  #markOf(box: string): string {
    return this.#scene.marks.find(({ name }) => isOf(box, name))?.name ?? box;
  }

  /** Where visitors come in: the edges where they write logs, else nginx, else the app. */
  #doors(): string[] {
    const names = this.#heard?.states.map(({ box }) => box) ?? [];
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
