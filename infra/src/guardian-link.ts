import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { inheritedEnv } from './child-env.ts';
import { ProcessFamily } from './process-family.ts';
import { endSignal } from './topology-schema.ts';

/** What a launcher tells its guardian, one JSON line each. */
export const guardianWord = z.union([
  z.strictObject({ add: z.int(), abort: endSignal.optional() }),
  z.strictObject({ drop: z.int() }),
  z.strictObject({ leftover: z.string() }),
  z.strictObject({ bye: z.literal(true) }),
]);
type GuardianWord = z.infer<typeof guardianWord>;

/** Environment variable by which the processes of one run are known from those of another. */
const MARKER = 'DAY90_RUN';

/**
 * A run's processes, and the small detached process that ends them should this one die (see guardian.ts). Should the
 * guardian itself die, another takes its place. Only the death of both at once leaves something behind.
 */
export class Guardian {
  /** Names the run. */
  readonly run = randomBytes(9).toString('base64url');
  /** To be in the environment of every process that is started. */
  readonly env: Record<string, string>;
  readonly #family: ProcessFamily;
  readonly #marker: string;
  readonly #said: GuardianWord[] = [];
  #child: ChildProcess;
  #over = false;

  constructor() {
    this.env = { [MARKER]: this.run };
    this.#marker = `${MARKER}=${this.run}`;
    this.#family = new ProcessFamily(this.#marker);
    this.#child = this.#start();
  }

  /**
   * A process was started.
   * @param abort - What it is sent before SIGKILL, see {@link Box.abortSignal}.
   */
  add(pid: number, abort?: z.infer<typeof endSignal>): void {
    this.#family.add(pid, abort);
    this.#say({ add: pid, ...(abort && { abort }) });
  }

  /** A process ended, and was waited for. */
  drop(pid: number): void {
    this.#family.drop(pid);
    this.#say({ drop: pid });
  }

  /** A path to delete should the launcher die. */
  leftover(path: string): void {
    this.#say({ leftover: path });
  }

  /** Kills whatever is left of the family. */
  endAll(): Promise<void> {
    return this.#family.end();
  }

  /** Sends the guardian home: everything ended as it should. */
  bye(): void {
    this.#over = true;
    this.#say({ bye: true });
    this.#child.stdin?.end();
  }

  #say(word: GuardianWord): void {
    this.#said.push(word);
    this.#child.stdin?.write(`${JSON.stringify(word)}\n`);
  }

  #start(): ChildProcess {
    const script = fileURLToPath(new URL('./guardian.ts', import.meta.url));
    const child = spawn(process.execPath, [script, this.#marker], {
      // A session of its own: a Ctrl-C in the terminal does not reach it, nor does a signal to the launcher's group.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: inheritedEnv(),
    });
    child.unref();
    // It may be gone before it was told something: its end, which follows, is what counts.
    child.stdin?.on('error', () => {});
    child.once('exit', () => {
      if (this.#over) return;
      this.#child = this.#start();
      for (const word of this.#said) this.#child.stdin?.write(`${JSON.stringify(word)}\n`);
    });
    return child;
  }
}
