import { rmSync } from 'node:fs';
import { answerControl } from './answer-control.ts';
import { Autoscaler } from './autoscaler.ts';
import { BadInput } from './bad-input.ts';
import { BoxControls } from './box-controls.ts';
import { BoxProcess } from './box-process.ts';
import { BoxSet } from './box-set.ts';
import type { BoxSettings } from './box-settings.ts';
import type { Budgets } from './budget.ts';
import { type ControlSocket, controlPath, openControl } from './control-socket.ts';
import type { Guardian } from './guardian-link.ts';
import type { Instance, LaunchOptions } from './instance.ts';
import { LogView } from './log-view.ts';
import { type Progress, seconds } from './progress.ts';
import { type ReadyFile, readyFile, writeReadyFile } from './ready-file.ts';
import { ReplicaChanges } from './replica-changes.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunPlan } from './run-plan.ts';
import type { ScaledBox } from './scaled-topology.ts';
import { Supervisor } from './supervisor.ts';
import type { Scale } from './topology.ts';

interface Start {
  plan: RunPlan;
  instance: string;
  run: RunFolder;
  scale: Scale;
  guardian: Guardian;
  budgets: Budgets;
  progress: Progress;
  /** Gives the folder back. */
  close: () => void;
  options: LaunchOptions;
  /** What follows its load. */
  scaled?: ScaledBox | undefined;
}

/** The boxes of one run, from the first start to the last stop. */
export class RunningInstance extends BoxControls implements Instance {
  readonly exited: Promise<string>;
  readonly hello: string[];
  readonly url: string;
  readonly folders: Instance['folders'];
  readonly #start: Start;
  readonly #startedAt = new Date().toISOString();
  protected readonly boxes: BoxSet;
  protected readonly changes: ReplicaChanges;
  protected readonly budgets: Budgets;
  protected readonly progress: Progress;
  readonly #view: LogView | undefined;
  /** Aborted with why the start-up can't go on. */
  readonly #starting = new AbortController();
  #ended: (why: string) => void = () => {};
  #control: ControlSocket | undefined;
  readonly #autoscaler: Autoscaler | undefined;
  #stopped: Promise<void> | undefined;
  #up = false;

  private constructor(start: Start) {
    super();
    const { plan, options } = start;
    this.#start = start;
    this.budgets = start.budgets;
    this.progress = start.progress;
    this.hello = plan.hello;
    this.folders = start.run;
    this.exited = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.#view = options.quiet ? undefined : new LogView();
    this.boxes = new BoxSet((settings) => this.#make(settings));
    this.changes = new ReplicaChanges(plan, this.boxes, () => this.tell());
    for (const settings of plan.settings) this.boxes.add(settings);
    if (start.scaled) this.#autoscaler = new Autoscaler(start.scaled, this.boxes, this, this.progress);
    this.url = `http://127.0.0.1:${this.boxes.get(plan.topology.door).box.settings.port}`;
  }

  /** Starts all boxes in order; when one fails, everything is down again before this rejects. */
  static async start(start: Start): Promise<RunningInstance> {
    const instance = new RunningInstance(start);
    try {
      await instance.#startAll();
      return instance;
    } catch (error) {
      await instance.#takeDown();
      throw error;
    }
  }

  get ready(): ReadyFile {
    const { plan, instance, scale } = this.#start;
    return readyFile({
      instance,
      topology: plan.topology,
      scale,
      url: this.url,
      startedAt: this.#startedAt,
      budgets: this.budgets,
      boxes: this.boxes.all.map(({ box }) => box),
      links: plan.links,
      control: this.#control?.temporary ? this.#control.path : undefined,
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#takeDown().then(() => this.#start.close());
    return this.#stopped;
  }

  async #startAll(): Promise<void> {
    const { options, run, guardian } = this.#start;
    const signal = AbortSignal.any([this.#starting.signal, ...(options.signal ? [options.signal] : [])]);
    try {
      await this.boxes.inOrder((supervisor) => this.#startOne(supervisor.box, signal));
    } catch (error) {
      this.#starting.abort(error); // the first failure: those that are still starting stop waiting
    }
    signal.throwIfAborted();
    for (const supervisor of this.boxes.all) supervisor.watch();
    const socket = controlPath(run.control);
    if (socket.temporary) guardian.leftover(socket.temporary);
    const controlled = {
      ...{ boxes: this.boxes, changes: this.changes, data: run.data },
      ...{ ready: () => this.ready, usage: (name: string) => this.usage(name) },
    };
    this.#control = await openControl(socket, (request, say) => answerControl(request, controlled, say));
    this.#up = true;
    this.tell();
    void this.#autoscaler?.run();
  }

  async #startOne(box: BoxProcess, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { name } = box.settings;
    const began = performance.now();
    await box.start(signal);
    box.onExit = (how) =>
      this.#starting.abort(
        new BadInput(`box ${name} ended (${how}) while others were starting`, { code: 'D90-BOX-FAILED' }),
      );
    this.progress(`${name} ready in ${seconds(performance.now() - began)}`);
  }

  /** Ends every box, those first that nothing else was started after. */
  async #takeDown(): Promise<void> {
    this.#up = false;
    rmSync(this.#start.run.ready, { force: true });
    this.#autoscaler?.end();
    this.changes.end();
    this.#control?.close();
    await this.boxes.inReverse((supervisor) => supervisor.stop());
    await this.#start.guardian.endAll();
    this.#view?.close();
  }

  #make(settings: BoxSettings): Supervisor {
    const { guardian, plan } = this.#start;
    this.#view?.add(settings.name, settings.log);
    return new Supervisor(new BoxProcess(settings, { guardian, budgets: this.budgets }), {
      onBack: () => this.tell(),
      // Without its door an instance serves nobody; without another box it may still show what that costs.
      onGivenUp: (why) => {
        if (settings.name === plan.topology.door) void this.stop().then(() => this.#ended(why));
      },
      say: this.progress,
    });
  }

  protected tell(): void {
    if (this.#up) writeReadyFile(this.#start.run.ready, this.ready);
  }
}
