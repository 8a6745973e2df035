import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { BadInput } from './bad-input.ts';
import { inheritedEnv } from './child-env.ts';
import type { Guardian } from './guardian-link.ts';
import { describeReady, untilReady } from './probe.ts';
import { commandAndArgs } from './programs.ts';
import { seconds } from './progress.ts';
import type { Box } from './topology.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 12_000;
/** Lines of a box's log that an error shows. */
const SHOWN_LINES = 12;

export interface BoxSettings {
  name: string;
  box: Box;
  /** `run` and `env` with all placeholders filled in. */
  argv: string[];
  env: Record<string, string>;
  /** Writes the files that the box reads; called before each start. */
  render: () => void;
  port: number | undefined;
  cwd: string;
  /** Gets all the box writes, as it comes. */
  log: string;
}

/** The process of a box: started and started again under one name. */
export class BoxProcess {
  readonly settings: BoxSettings;
  readonly #guardian: Guardian;
  /** Called when the process ends, asked or not. */
  onExit: (how: string) => void = () => {};
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #exit = new AbortController();

  constructor(settings: BoxSettings, guardian: Guardian) {
    this.settings = settings;
    this.#guardian = guardian;
  }

  /** The running process, or undefined. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the process and waits until it is ready.
   * @throws {BadInput} With the last lines of its log when it ends first or does not get ready in time.
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { name, box, port } = this.settings;
    this.#spawn();
    const timeout = AbortSignal.timeout(box.readyTimeoutMs ?? READY_TIMEOUT_MS);
    const enough = AbortSignal.any([timeout, this.#exit.signal, ...(signal ? [signal] : [])]);
    const ready = await untilReady(box.ready, port, enough);
    if (this.#exit.signal.aborted)
      throw this.#trouble(`box ${name} ended before it was ready (${this.#exit.signal.reason})`);
    signal?.throwIfAborted();
    if (!ready) {
      const time = seconds(box.readyTimeoutMs ?? READY_TIMEOUT_MS);
      throw this.#trouble(`box ${name} was not ready after ${time} (${describeReady(box.ready, port)})`);
    }
  }

  /** Asks the process to end, and kills it when it does not in time. Resolves once it is gone. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    const { stopSignal = 'SIGTERM', stopTimeoutMs = STOP_TIMEOUT_MS } = this.settings.box;
    child.kill(stopSignal);
    child.kill('SIGCONT'); // a frozen process hears nothing but SIGKILL
    const timer = setTimeout(() => void this.kill(), stopTimeoutMs);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Kills the process and its group at once. Resolves once it is gone. */
  async kill(): Promise<void> {
    if (this.#child?.pid) killGroup(this.#child.pid);
    await this.#gone;
  }

  /** Sends a signal to the process alone. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  #spawn(): void {
    const { argv, env, cwd, log, render } = this.settings;
    render();
    const out = openSync(log, 'a');
    const exit = new AbortController();
    // Written to the file by the box itself: no byte passes through the launcher, whose CPU time belongs to a bench.
    const child = spawn(...commandAndArgs(argv), {
      cwd,
      env: { ...inheritedEnv(), ...env, ...this.#guardian.env },
      detached: true,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    const { pid } = child;
    if (pid !== undefined) this.#guardian.add(pid);
    this.#child = child;
    this.#exit = exit;
    this.#gone = new Promise((resolve) => {
      const over = (how: string) => {
        if (exit.signal.aborted) return;
        if (pid !== undefined) {
          killGroup(pid); // its children, should it have left some
          this.#guardian.drop(pid);
        }
        this.#child = undefined;
        exit.abort(how);
        resolve();
        this.onExit(how);
      };
      child.once('error', (error) => over(`${argv[0]}: ${error.message}`));
      child.once('exit', (code, signal) => over(signal ? `killed by ${signal}` : `exit code ${code}`));
    });
  }

  #trouble(what: string): BadInput {
    const lines = lastLines(this.settings.log);
    const end = lines ? `the end of ${this.settings.log}:\n${lines}\n` : 'it wrote nothing; ';
    return new BadInput(`${what}; ${end}\`npx -y pnpm preflight\` looks for what is missing`);
  }
}

/** The end of a log file, indented. */
function lastLines(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
  return lines.join('\n') === '' ? '' : lines.map((line) => `  ${line}`).join('\n');
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody left in it
  }
}
