import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { endOfLog } from './box-log.ts';
import type { BoxSettings } from './box-settings.ts';
import { prepareBox } from './prepare-box.ts';
import { describeReady, untilReady } from './probe.ts';
import { ABORT_MS, ProcessFamily } from './process-family.ts';
import { seconds } from './progress.ts';
import { boxMarker, killGroup, type RunTools, type SpawnedBox, send, spawnBox } from './spawn-box.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 12_000;

/** The process of a box and all that it forks: started and started again under one name. */
export class BoxProcess {
  readonly settings: BoxSettings;
  /** Share of one core that it has while it is ready. */
  cpu: number | undefined;
  /** Called when the process ends, asked or not. */
  onExit: (how: string) => void = () => {};
  readonly #tools: RunTools;
  readonly #family: ProcessFamily;
  #spawned: SpawnedBox | undefined;
  #exit = new AbortController();
  #killed = new AbortController();
  #preparing: Promise<void> | undefined;
  #ready = false;
  #startedBefore = false;

  constructor(settings: BoxSettings, tools: RunTools) {
    this.settings = settings;
    this.cpu = settings.box.cpu;
    this.#tools = tools;
    this.#family = new ProcessFamily(boxMarker(settings.name, tools.guardian));
  }

  /** The running process, or undefined. */
  get pid(): number | undefined {
    return this.#spawned?.child.pid;
  }

  /** The running process and all that came of it. */
  get pids(): number[] {
    return this.pid === undefined ? [] : this.#family.look().map(({ pid }) => pid);
  }

  /**
   * Starts the process and waits until it is ready.
   * @throws {BadInput} With the last lines of its log when it ends first or does not get ready in time.
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { name, box, port } = this.settings;
    this.#killed = new AbortController();
    this.#preparing = this.#prepare(AbortSignal.any([this.#killed.signal, ...(signal ? [signal] : [])]));
    await this.#preparing;
    this.#spawn();
    const timeoutMs = box.readyTimeoutMs ?? READY_TIMEOUT_MS;
    const enough = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#exit.signal, ...(signal ? [signal] : [])]);
    const ready = await untilReady(box.ready, port, enough);
    if (this.#exit.signal.aborted)
      throw this.#trouble(`box ${name} ended before it was ready (${this.#exit.signal.reason})`);
    signal?.throwIfAborted();
    if (!ready)
      throw this.#trouble(`box ${name} was not ready after ${seconds(timeoutMs)} (${describeReady(box.ready, port)})`);
    this.#ready = true;
    this.setCpu(this.cpu);
    // What left its process group, as Postgres' helpers do, is known as its child only while it lives. And on a busy machine
    // nginx may have forked its workers before it was put into its budget's group: they would be limited by nothing and
    // counted nowhere.
    for (const { pid } of this.#family.look()) this.#tools.budgets.place(name, pid);
  }

  /** Limits it to a share of one core, or lifts the limit: now if it is ready, else once it is. */
  setCpu(share: number | undefined): void {
    this.cpu = share;
    if (this.#ready) this.#tools.budgets.setCpu(this.settings.name, share);
  }

  /**
   * Asks the process to end, and kills it when it does not in time. Resolves once it is gone.
   * @returns How it ended: `exit code 0`. Undefined when there was none.
   */
  async stop(): Promise<string | undefined> {
    if (!this.#spawned) return undefined;
    const { stopSignal = 'SIGTERM', stopTimeoutMs = STOP_TIMEOUT_MS } = this.settings.box;
    const { child, gone } = this.#spawned;
    child.kill(stopSignal);
    this.signal('SIGCONT'); // a frozen process hears nothing but SIGKILL
    const timer = setTimeout(() => void this.#abort(), stopTimeoutMs);
    const how = await gone;
    clearTimeout(timer);
    return how;
  }

  /** Kills the process and all that came of it at once, or what prepares it, which is then not started. Resolves once it is gone. */
  async kill(): Promise<void> {
    this.#killed.abort(new BadInput(`box ${this.settings.name} was killed before it was ready`));
    await this.#preparing?.catch(() => undefined); // whoever started it is told
    const { pid } = this;
    if (!this.#spawned || pid === undefined) return;
    const all = this.pids;
    this.#tools.budgets.freeze(this.settings.name, false);
    killGroup(pid);
    for (const one of all) send(one, 'SIGKILL');
    await this.#spawned.gone;
  }

  /** Sends a signal to the process. Freezing and thawing concern all that came of it, which would go on working. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#spawned) return;
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.#spawned.child.kill(signal);
    else if (!this.#tools.budgets.freeze(this.settings.name, signal === 'SIGSTOP'))
      for (const pid of this.pids) send(pid, signal);
  }

  async #abort(): Promise<void> {
    const { abortSignal } = this.settings.box;
    if (abortSignal) {
      this.#spawned?.child.kill(abortSignal);
      await Promise.race([this.#spawned?.gone, sleep(ABORT_MS)]);
    }
    await this.kill();
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    // What it forked may outlive it, such as nginx's workers, and hold the port it is about to listen on.
    if (this.#startedBefore) await this.#family.end();
    signal.throwIfAborted();
    this.#startedBefore = true;
    this.#tools.budgets.setCpu(this.settings.name, undefined);
    this.settings.render();
    await prepareBox(this.settings, signal);
    signal.throwIfAborted();
  }

  #spawn(): void {
    const exit = new AbortController();
    const spawned = spawnBox(this.settings, this.#tools);
    this.#spawned = spawned;
    this.#exit = exit;
    const { pid } = spawned.child;
    if (pid !== undefined) this.#family.add(pid);
    void spawned.gone.then((how) => {
      this.#spawned = undefined;
      this.#ready = false;
      if (pid !== undefined) this.#family.drop(pid);
      exit.abort(how);
      this.onExit(how);
    });
  }

  #trouble(what: string): BadInput {
    return new BadInput(`${what}; ${endOfLog(this.settings.log)}\`npx -y pnpm preflight\` looks for what is missing`, {
      code: 'D90-BOX-FAILED',
    });
  }
}
