import type { Socket } from 'node:net';
import { type Logger, UnavailableError } from '@day90/core';
import pg from 'pg';
import { isFromServer } from './postgres-errors.ts';

/** How often a server that has calls to answer is looked at, in milliseconds. */
const LOOK_MS = 250;
/** How long it may take over a question that costs it nothing. With a look before it, 0.85 s at most until a call is given up. */
const ANSWER_MS = 600;
/** In which that time is counted. */
const STEP_MS = 100;

/**
 * Tells a server that is slow from one that is gone. A time-out for queries can't: a report may take 4 s, a frozen server
 * takes for ever, and nobody is to wait 4 s to know which. So as long as calls are under way and not one byte comes in on
 * any connection, the server is asked something trivial on a connection of its own; if that isn't answered either, and still
 * nothing comes in, every call is given up at once, and new ones are until it answers again. The answer alone would not tell: at
 * its limit a server has the question wait in line with all the others, which it goes on answering.
 */
export class Pulse {
  readonly #config: pg.ClientConfig;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #logger: Logger;
  readonly #calls = new Set<(error: Error) => void>();
  readonly #looking: NodeJS.Timeout;
  #client: pg.Client | undefined;
  #asking: Promise<void> | undefined;
  /** What the server was asked and has not answered yet. */
  #question: Promise<void> | undefined;
  #bytes = 0;
  #silent = false;

  /** @param sockets - Of all connections; destroyed when the server is given up. */
  constructor(config: pg.ClientConfig, sockets: ReadonlySet<Socket>, logger: Logger) {
    this.#config = config;
    this.#sockets = sockets;
    this.#logger = logger;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#looking.unref();
  }

  /**
   * Runs a call of the database.
   * @throws {UnavailableError} As soon as the server is found silent; at once while it is.
   */
  during<T>(call: () => Promise<T>): Promise<T> {
    if (this.#silent) return Promise.reject(outOfReach());
    return new Promise((resolve, reject) => {
      this.#calls.add(reject);
      call()
        .then(resolve, reject)
        .finally(() => this.#calls.delete(reject));
    });
  }

  /** Asks the server whether it is there; all who ask at the same time share one question. @throws {UnavailableError} When not. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  close(): void {
    clearInterval(this.#looking);
    void this.#client?.end();
  }

  #look(): void {
    const bytes = [...this.#sockets].reduce((sum, socket) => sum + socket.bytesRead, 0);
    const heard = bytes !== this.#bytes;
    this.#bytes = bytes;
    if (this.#silent || (this.#calls.size > 0 && !heard)) this.ask().catch(() => {});
  }

  async #ask(): Promise<void> {
    const before = new Map([...this.#sockets].map((socket) => [socket, socket.bytesRead]));
    const isHeard = () => [...this.#sockets].some((socket) => socket.bytesRead > (before.get(socket) ?? 0));
    try {
      await within(ANSWER_MS, this.#open(), isHeard);
    } catch (error) {
      void this.#client?.end();
      this.#client = undefined;
      this.#question = undefined;
      if (!isFromServer(error)) this.#giveUp(error);
      throw outOfReach(error);
    }
    if (this.#silent) this.#logger.info('the database answers again');
    this.#silent = false;
  }

  /** The question that is open, put when there is none: another one would only stand in the same line behind it. */
  #open(): Promise<void> {
    if (this.#question) return this.#question;
    const question = this.#put().finally(() => {
      if (this.#question === question) this.#question = undefined;
    });
    this.#question = question;
    return question;
  }

  /** Puts the question. To connect is an answer, too. */
  async #put(): Promise<void> {
    if (this.#client) {
      await this.#client.query('SELECT');
      return;
    }
    const client = new pg.Client(this.#config);
    this.#client = client;
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
  }

  #giveUp(error: unknown): void {
    if (!this.#silent) this.#logger.error({ err: error }, 'the database does not answer');
    this.#silent = true;
    for (const reject of this.#calls) reject(outOfReach(error));
    for (const socket of this.#sockets) socket.destroy();
  }
}

function outOfReach(cause?: unknown): UnavailableError {
  return new UnavailableError('The database is out of reach.', { cause });
}

/**
 * Rejects when `answer` takes longer, unless something `isHeard` by then. This process may itself stand still, throttled or
 * frozen, and timers run before the answers are read that came meanwhile; to connect even takes several turns. So time is
 * counted in small steps, and the first one that took far too long is not counted.
 */
function within(ms: number, answer: Promise<void>, isHeard: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let [left, at, stoodStill] = [ms, performance.now(), false];
    const clock = setInterval(() => {
      const took = performance.now() - at;
      at += took;
      if (took > 2 * STEP_MS && !stoodStill) {
        stoodStill = true;
        return;
      }
      left -= STEP_MS;
      const heard = isHeard();
      if (left > 0 && !heard) return;
      clearInterval(clock);
      if (heard) resolve();
      else reject(new Error(`no answer within ${ms} ms`));
    }, STEP_MS);
    answer.then(resolve, reject).finally(() => clearInterval(clock));
  });
}
