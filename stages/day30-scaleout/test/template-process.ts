import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Guardian } from '@day90/infra';
import { eventually } from '@day90/testing';

const STAGE = fileURLToPath(new URL('..', import.meta.url));

/** A program of the stage alone, on its own template, to be killed and frozen at will. */
export class TemplateProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'day90-stage-3-'));
  readonly port: number;
  readonly #argv: string[];
  readonly #guardian = new Guardian();
  #child: ChildProcess | undefined;

  /**
   * @param template - Path from the stage's folder.
   * @param values - What its placeholders stand for; `${data}` and `${conf}` are {@link folder} unless told.
   * @param argv - Given the path of the rendered file.
   */
  constructor(
    port: number,
    template: string,
    values: Record<string, string>,
    argv: (file: string, folder: string) => string[],
  ) {
    this.port = port;
    const file = join(this.folder, 'rendered.conf');
    const known: Record<string, string> = { data: this.folder, conf: this.folder, ...values };
    const text = readFileSync(join(STAGE, template), 'utf8').replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
      if (known[name] === undefined) throw new Error(`${template}: ${whole} has no value in this test`);
      return known[name];
    });
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
    this.#argv = argv(file, this.folder);
  }

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    const out = openSync(this.log, 'a');
    const [command = '', ...args] = this.#argv;
    const child = spawn(command, args, {
      stdio: ['ignore', out, out],
      env: { ...process.env, ...this.#guardian.env },
    });
    closeSync(out);
    this.#child = child;
    if (child.pid !== undefined) this.#guardian.add(child.pid);
    const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    await eventually(async () => ended() || (await listens(this.port)), Boolean, 10_000);
    if (ended()) throw new Error(`${command} ended at once: ${this.output()}`);
  }

  /** All that it has written. */
  output(): string {
    return readFileSync(this.log, 'utf8');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Kills it at once. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it for good, and removes its folder. */
  async close(): Promise<void> {
    this.signal('SIGCONT');
    await this.#end('SIGTERM');
    await this.#guardian.endAll();
    this.#guardian.bye();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get log(): string {
    return join(this.folder, 'output.log');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
    this.#guardian.drop(child.pid);
  }
}

/** A free port below those that outgoing connections are given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_767);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
