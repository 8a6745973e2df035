import { rmSync } from 'node:fs';
import { answerControl } from './answer-control.ts';
import { BadInput } from './bad-input.ts';
import { BoxProcess, type BoxSettings } from './box-process.ts';
import { type ControlSocket, controlPath, openControl } from './control-socket.ts';
import type { Guardian } from './guardian-link.ts';
import { inOrder } from './in-order.ts';
import type { Instance, LaunchOptions } from './instance.ts';
import { LogView } from './log-view.ts';
import { type Progress, seconds } from './progress.ts';
import { READY_SCHEMA, type ReadyFile, writeReadyFile } from './ready-file.ts';
import type { RunFolder } from './run-folder.ts';
import { Supervisor } from './supervisor.ts';
import type { Scale, Topology } from './topology.ts';

interface Plan {
  topology: Topology;
  instance: string;
  run: RunFolder;
  scale: Scale;
  settings: BoxSettings[];
  hello: string[];
  guardian: Guardian;
  progress: Progress;
  /** Gives the folder back. */
  close: () => void;
  options: LaunchOptions;
}

/** The boxes of one run, from the first start to the last stop. */
export class RunningInstance implements Instance {
  readonly exited: Promise<string>;
  readonly hello: string[];
  readonly url: string;
  readonly #plan: Plan;
  readonly #startedAt = new Date().toISOString();
  readonly #boxes = new Map<string, Supervisor>();
  readonly #view: LogView | undefined;
  /** Aborted with why the start-up can't go on. */
  readonly #starting = new AbortController();
  #ended: (why: string) => void = () => {};
  #control: ControlSocket | undefined;
  #stopped: Promise<void> | undefined;
  #up = false;

  private constructor(plan: Plan) {
    this.#plan = plan;
    this.hello = plan.hello;
    this.exited = new Promise((resolve) => {
      this.#ended = resolve;
    });
    for (const settings of plan.settings) {
      const box = new BoxProcess(settings, plan.guardian);
      this.#boxes.set(settings.name, new Supervisor(box, this.#events(settings.name)));
    }
    this.url = `http://127.0.0.1:${this.#supervisor(plan.topology.door).box.settings.port}`;
    const logs = Object.fromEntries(plan.settings.map(({ name, log }) => [name, log]));
    this.#view = plan.options.quiet ? undefined : new LogView(logs);
  }

  /** Starts all boxes in order; when one fails, everything is down again before this rejects. */
  static async start(plan: Plan): Promise<RunningInstance> {
    const instance = new RunningInstance(plan);
    try {
      await instance.#startAll();
      return instance;
    } catch (error) {
      await instance.#takeDown();
      throw error;
    }
  }

  get ready(): ReadyFile {
    const { topology, instance, scale } = this.#plan;
    return {
      schema: READY_SCHEMA,
      instance,
      stage: topology.stage,
      ...(topology.variant ? { variant: topology.variant } : {}),
      scale,
      url: this.url,
      launcherPid: process.pid,
      startedAt: this.#startedAt,
      budgets: 'none',
      boxes: [...this.#boxes.values()].flatMap(({ box }) => readyBox(box) ?? []),
      links: [],
      ...(this.#control?.temporary ? { control: this.#control.path } : {}),
    };
  }

  box(name: string): { pid: number; port: number | undefined } {
    const { box } = this.#supervisor(name);
    if (box.pid === undefined) throw new Error(`box ${name} is down`);
    return { pid: box.pid, port: box.settings.port };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#takeDown().then(() => this.#plan.close());
    return this.#stopped;
  }

  async #startAll(): Promise<void> {
    const { options, run, guardian } = this.#plan;
    const signal = AbortSignal.any([this.#starting.signal, ...(options.signal ? [options.signal] : [])]);
    const names = [...this.#boxes.keys()];
    const after = (name: string) => this.#supervisor(name).box.settings.box.after ?? [];
    try {
      await inOrder(names, after, (name) => this.#startOne(name, signal));
    } catch (error) {
      this.#starting.abort(error); // the first failure: those that are still starting stop waiting
    }
    signal.throwIfAborted();
    for (const supervisor of this.#boxes.values()) supervisor.watch();
    const socket = controlPath(run.control);
    if (socket.temporary) guardian.leftover(socket.temporary);
    this.#control = await openControl(socket, (request) => answerControl(request, this.#boxes, () => this.ready));
    this.#up = true;
    writeReadyFile(run.ready, this.ready);
  }

  async #startOne(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { box } = this.#supervisor(name);
    const began = performance.now();
    await box.start(signal);
    box.onExit = (how) => this.#starting.abort(new BadInput(`box ${name} ended (${how}) while others were starting`));
    this.#plan.progress(`${name} ready in ${seconds(performance.now() - began)}`);
  }

  /** Ends every box, those first that nothing else was started after. */
  async #takeDown(): Promise<void> {
    this.#up = false;
    rmSync(this.#plan.run.ready, { force: true });
    this.#control?.close();
    const dependents = (name: string) =>
      this.#plan.settings.filter(({ box }) => box.after?.includes(name)).map((settings) => settings.name);
    await inOrder([...this.#boxes.keys()], dependents, (name) => this.#supervisor(name).stop());
    await this.#plan.guardian.endAll();
    this.#view?.close();
  }

  #events(name: string) {
    return {
      onBack: () => {
        if (this.#up) writeReadyFile(this.#plan.run.ready, this.ready);
      },
      // Without its door an instance serves nobody; without another box it may still show what that costs.
      onGivenUp: (why: string) => {
        if (name === this.#plan.topology.door) void this.stop().then(() => this.#ended(why));
      },
      say: this.#plan.progress,
    };
  }

  #supervisor(name: string): Supervisor {
    const supervisor = this.#boxes.get(name);
    if (!supervisor) throw new BadInput(`no box ${name}; boxes: ${[...this.#boxes.keys()].join(', ')}`);
    return supervisor;
  }
}

/** A box as ready.json lists it: only while it has a process. */
function readyBox(box: BoxProcess): ReadyFile['boxes'][number] | undefined {
  const { name, port, box: spec } = box.settings;
  if (box.pid === undefined) return undefined;
  return {
    name,
    role: spec.role,
    pid: box.pid,
    ...(port === undefined ? {} : { port }),
    ...(spec.ready && 'http' in spec.ready ? { url: `http://127.0.0.1:${port}` } : {}),
  };
}
