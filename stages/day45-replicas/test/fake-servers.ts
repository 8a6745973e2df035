import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@day90/core';
import { type SqlDatabase, type SqlQuery, statementBook } from 'stage-1';
import type { Postgres } from 'stage-3';
import { AFTER_COMMIT } from '../src/cluster.ts';
import type { NodeConnections } from '../src/database-node.ts';

/** What a read of a fake server gives: who answered, and every write it has. */
export interface Answer {
  server: number;
  log: readonly string[];
}

/** How long somebody looks before giving up. */
const LOOKS_FOR_MS = 40;

type Step = (label: string) => Promise<void>;

/** A server whose log, timeline and mishaps a test sets. Each write is one place of its log. */
export class FakeServer implements NodeConnections {
  readonly number: number;
  log: string[] = [];
  /** Of a primary only. */
  timeline: number | undefined;
  startedAt = 1;
  down = false;
  /** Too busy for whoever looks at it. */
  hidden = false;
  /** What of the log is on the disk, where that is less than all of it. */
  flushed: number | undefined;
  /** Thrown by the next queries. */
  failure: Error | undefined;
  /** Queries that were asked of it, beside those that look at it. */
  asked = 0;
  flushes = 0;
  /** How many queries it had been asked when it was last told to have connections made. */
  connectedAfter: number | undefined;
  /** Holds every answer back. */
  held: Promise<void> | undefined;
  readonly db = this.#connection();
  readonly watch = this.#connection();
  readonly #step: Step;

  /** @param step - Awaited on the way to the server and back. */
  constructor(number: number, step: Step = async () => {}) {
    this.number = number;
    this.#step = step;
  }

  /** Takes over what another one has written, up to a place. */
  follow(source: FakeServer, places = source.log.length): void {
    this.log = source.log.slice(0, Math.max(this.log.length, places));
  }

  /** Ends it and starts it again, from the last place that it had saved. */
  restart(saved = this.log.length): void {
    this.startedAt += 1;
    this.log.length = Math.min(saved, this.log.length);
  }

  /** Makes a primary of it, on a timeline of its own. */
  promote(timeline: number): void {
    this.timeline = timeline;
    this.log.push(`promoted ${timeline}`);
  }

  #connection(): Postgres {
    return {
      dialect: undefined as unknown as SqlDatabase['dialect'],
      ...statementBook(),
      broken: new Promise(() => {}),
      run: <Row>(query: SqlQuery) => this.#answer(query) as Promise<Row[]>,
      transactor: (work) => this.#transaction(work),
      ready: async () => {},
      connect: async () => {
        this.connectedAfter = this.asked;
      },
      connections: () => ({ idle: 0, busy: 0, waiting: 0 }),
      close: async () => {},
    };
  }

  async #answer({ name }: SqlQuery): Promise<unknown[]> {
    await this.#step(`${name ?? 'query'} to ${this.number}`);
    if (this.down) throw new UnavailableError('down');
    if (this.hidden && name === 'look-at-server') {
      await sleep(LOOKS_FOR_MS);
      throw new UnavailableError('no answer');
    }
    if (name === 'flush-log') {
      this.flushes += 1;
      this.flushed = undefined;
    }
    const rows = name === 'look-at-server' ? [this.#look()] : [{ server: this.number, log: [...this.log] }];
    if (name === undefined) {
      this.asked += 1;
      if (this.failure) throw this.failure;
      await this.held;
    }
    await this.#step(`${name ?? 'query'} answered by ${this.number}`);
    return rows;
  }

  #look() {
    const lsn = (place: number) => `0/${place.toString(16).toUpperCase()}`;
    const primary = this.timeline !== undefined;
    return {
      started: String(this.startedAt),
      standby: !primary,
      lsn: lsn(this.log.length),
      flushed: primary ? lsn(this.flushed ?? this.log.length) : null,
      file: primary ? fileOf(this.timeline) : null,
    };
  }

  async #transaction<T>(work: (handle: unknown) => Promise<T>): Promise<T> {
    await this.#step(`begin on ${this.number}`);
    if (this.down || this.timeline === undefined) throw new UnavailableError('takes no writes');
    const draft = new Draft(this);
    const result = await work(draft);
    if (this.down) throw new UnavailableError('down');
    this.log.push(...draft.writes);
    const after = { file: fileOf(this.timeline), lsn: `0/${this.log.length.toString(16).toUpperCase()}` };
    await this.#step(`commit answered by ${this.number}`);
    await AFTER_COMMIT.note(after);
    return result;
  }
}

/** The handle of a transaction on a fake server. */
export class Draft {
  readonly server: FakeServer;
  readonly writes: string[] = [];

  constructor(server: FakeServer) {
    this.server = server;
  }
}

/** A primary and two standbys that have all it has. */
export function threeServers(step?: Step): [FakeServer, FakeServer, FakeServer] {
  const servers: [FakeServer, FakeServer, FakeServer] = [
    new FakeServer(1, step),
    new FakeServer(2, step),
    new FakeServer(3, step),
  ];
  servers[0].promote(1);
  servers[1].follow(servers[0]);
  servers[2].follow(servers[0]);
  return servers;
}

function fileOf(timeline: number | undefined): string {
  return `${String(timeline).padStart(8, '0')}0000000000000001`;
}
