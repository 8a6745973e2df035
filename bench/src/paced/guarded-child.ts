import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Guardian } from '@day90/infra';

/** A process of ours that is told things and tells some; it ends with this one, whatever happens. */
export class GuardedChild {
  readonly pid: number;
  /** Resolves when it has ended by itself or was stopped. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal;
  readonly #heard: unknown[] = [];
  #listener: (() => void) | undefined;

  constructor(
    file: string,
    {
      args,
      flags = [],
      guardian,
      signal,
    }: { args: string[]; flags?: string[]; guardian: Guardian; signal: AbortSignal },
  ) {
    signal.throwIfAborted();
    this.#signal = signal;
    const env = { PATH: process.env.PATH ?? '', ...guardian.env };
    this.#child = fork(file, args, {
      env,
      execArgv: flags,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const pid = this.#child.pid;
    if (pid === undefined) throw new Error(`${file} could not be started`);
    this.pid = pid;
    guardian.add(pid);
    const stop = () => this.stop();
    signal.addEventListener('abort', stop);
    this.#child.on('message', (message) => {
      this.#heard.push(message);
      this.#listener?.();
    });
    this.ended = once(this.#child, 'exit').then(() => {
      guardian.drop(pid);
      signal.removeEventListener('abort', stop);
      this.#listener?.();
    });
  }

  tell(message: object): void {
    this.#child.send(message, () => {}); // one that has ended hears nothing, and `next` says so
  }

  /**
   * The next thing that it tells.
   * @throws {Error} When it ends without a word; the signal's reason when that was aborted.
   */
  async next(): Promise<unknown> {
    while (this.#heard.length === 0) {
      this.#signal.throwIfAborted();
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`a process of the load ended with ${this.#child.exitCode ?? this.#child.signalCode}`);
      await new Promise<void>((resolve) => {
        this.#listener = resolve;
      });
    }
    return this.#heard.shift();
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
