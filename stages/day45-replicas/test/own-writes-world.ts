import {
  asReader,
  currentContext,
  openHandle,
  type Reader,
  runInContext,
  type ServerConfig,
  transaction,
  UnavailableError,
} from '@day90/core';
import fc from 'fast-check';
import type { RedisLink } from 'stage-2';
import { type Cluster, databasesOf } from '../src/cluster.ts';
import { ClusterView } from '../src/cluster-view.ts';
import { DatabaseNode } from '../src/database-node.ts';
import { ownWrites } from '../src/own-writes.ts';
import { type Answer, type Draft, type FakeServer, threeServers } from './fake-servers.ts';

const BOXES = 2;
const CLIENTS = 2;
const CONFIG = {
  PUBLIC_URL: 'http://localhost',
  SESSION_SECRETS: ['a secret of this test, of 32 characters'],
} as ServerConfig;

const client = fc.nat({ max: CLIENTS - 1 });
const box = fc.nat({ max: BOXES - 1 });
const standby = fc.constantFrom<[1, 2]>(1, 2);
/** What happens, each at a moment of the scheduler's choice. */
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('read' as const), client, box }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('write' as const), client, box }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('look' as const), box }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('replay' as const), server: standby, places: fc.nat({ max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('restart' as const), server: standby, saved: fc.nat({ max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('redis' as const), is: fc.constantFrom('away', 'back', 'emptied') }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('failover' as const) }) },
);

/** A short life of two clients, two boxes and three databases, and the order in which all of it happens. */
export const plan = fc.record({
  /** Those of one lane happen one after the other, or hardly anything would ever be done when something else begins. */
  lanes: fc.array(fc.array(action, { minLength: 4, maxLength: 16 }), { minLength: 1, maxLength: 4 }),
  scheduler: fc.scheduler(),
});
export type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type Action = Plan['lanes'][number][number];

/** A browser: its cookie, and the ledger of what it has to be shown from now on. */
interface Client {
  cookie: string | undefined;
  due: Set<string>;
}

interface BoxOfWorld {
  view: ClusterView;
  db: Pick<Cluster, 'primary' | 'reads'>;
  middleware: ReturnType<typeof ownWrites>;
}

/** Changes what a reader asks and tells, to see the model catch it. */
export type Alter = (reader: Reader, view: ClusterView) => Reader;

/** Runs a plan against the middleware and the databases of the step, and holds what clients are shown against their ledgers. */
export class OwnWritesWorld {
  readonly faults: string[] = [];
  /** Reads that were answered, by a standby and at all. */
  readonly answered = { byStandby: 0, all: 0 };
  readonly #plan: Plan;
  readonly #alter: Alter;
  readonly #servers: FakeServer[];
  readonly #boxes: BoxOfWorld[];
  readonly #clients: Client[];
  readonly #redis = { away: false, keys: new Map<string, string>() };
  /** Writes that a failover has lost: nobody can be shown them. */
  readonly #lost = new Set<string>();
  #writes = 0;
  #timelines = 1;
  #clock = 0;

  constructor(how: Plan, alter: Alter = (reader) => reader) {
    this.#plan = how;
    this.#alter = alter;
    this.#servers = threeServers((label) => this.#step(label));
    this.#boxes = Array.from({ length: BOXES }, () => this.#makeBox());
    this.#clients = Array.from({ length: CLIENTS }, () => ({ cookie: undefined, due: new Set<string>() }));
  }

  async run(): Promise<void> {
    const { lanes, scheduler } = this.#plan;
    for (const one of this.#boxes) await scheduler.waitFor(this.#look(one));
    await scheduler.waitFor(Promise.all(lanes.map((lane) => this.#goAlong(lane))));
    await scheduler.waitFor(this.#calmDown());
  }

  async #goAlong(lane: Action[]): Promise<void> {
    for (const one of lane) await this.#act(one);
  }

  async #act(one: Action): Promise<void> {
    await this.#step(`begin: ${JSON.stringify(one)}`);
    if (one.does === 'read') await this.#read(this.#client(one.client), this.#box(one.box));
    else if (one.does === 'write') await this.#write(this.#client(one.client), this.#box(one.box));
    else if (one.does === 'look') await this.#look(this.#box(one.box));
    else if (one.does === 'replay') this.#replay(one.server, one.places);
    else if (one.does === 'restart') this.#restart(one.server, one.saved);
    else if (one.does === 'failover') this.#failOver();
    else if (one.is === 'emptied') this.#redis.keys.clear();
    else this.#redis.away = one.is === 'away';
  }

  async #read(who: Client, where: BoxOfWorld): Promise<void> {
    const due = [...who.due];
    const named = who.cookie !== undefined;
    const rows = await this.#request(who, where, 'GET', () =>
      where.db.reads.run<Answer>({ sql: 'SELECT', values: [] }),
    );
    if (!rows) return;
    const { server, log } = rows[0] as Answer;
    this.answered.all += 1;
    if (this.#servers[server - 1]?.timeline === undefined) this.answered.byStandby += 1;
    if (!named) return; // nobody in particular yet
    for (const write of due)
      if (!log.includes(write) && !this.#lost.has(write)) this.faults.push(`was not shown ${write} by ${server}`);
    for (const write of log) who.due.add(write);
  }

  async #write(who: Client, where: BoxOfWorld): Promise<void> {
    this.#writes += 1;
    const name = `write ${this.#writes}`;
    const done = await this.#request(who, where, 'POST', () =>
      transaction(async () => (openHandle() as Draft).writes.push(name)),
    );
    if (done) who.due.add(name);
  }

  /** A request, with its answer delivered at a moment of its own. @returns `undefined` for one that failed. */
  async #request<T>(who: Client, where: BoxOfWorld, method: string, work: () => Promise<T>): Promise<T | undefined> {
    const cookies: string[] = [];
    const req = { method, headers: { cookie: who.cookie } };
    const res = { writeHead() {}, appendHeader: (_name: string, value: string) => cookies.push(value) };
    const context = {
      ...{ requestId: 'test', deadline: Number.POSITIVE_INFINITY, transactor: where.db.primary.transactor },
      ...{
        queries: { count: 0, ms: 0 },
        timings: new Map<string, string>(),
        written: { position: '' },
        tags: new Set<string>(),
      },
    };
    const result = await new Promise<T | undefined>((resolve) => {
      const next = () => resolve(this.#handle(where.view, res as { writeHead(status: number): void }, work));
      runInContext(context, () => where.middleware(req as never, res as never, next));
    });
    await this.#step('answer');
    if (cookies[0]) who.cookie = cookies[0].split(';')[0];
    return result;
  }

  async #handle<T>(
    view: ClusterView,
    res: { writeHead(status: number): void },
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    const reader = currentContext()?.reader;
    try {
      const result = await (reader ? asReader(this.#alter(reader, view), work) : work());
      res.writeHead(200);
      return result;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      res.writeHead(503);
      return undefined;
    }
  }

  async #look({ view }: BoxOfWorld): Promise<void> {
    for (const node of view.nodes) {
      const sighting = await node.look(node.watch).catch(() => undefined);
      node.up = sighting !== undefined;
      this.#clock += 1;
      if (sighting) view.note(sighting, this.#clock);
    }
  }

  get #primary(): FakeServer {
    return this.#servers.find(({ timeline }) => timeline !== undefined) as FakeServer;
  }

  #replay(index: number, places: number): void {
    const server = this.#servers[index] as FakeServer;
    if (server.timeline === undefined) server.follow(this.#primary, server.log.length + places);
  }

  #restart(index: number, saved: number): void {
    const server = this.#servers[index] as FakeServer;
    if (server.timeline === undefined) server.restart(saved);
  }

  /** The primary is gone, the standby that has the most takes over, and the old one is built anew from it. */
  #failOver(): void {
    const old = this.#primary;
    const standbys = this.#servers.filter((server) => server !== old).sort((a, b) => b.log.length - a.log.length);
    const [next] = standbys as [FakeServer, FakeServer];
    for (const write of old.log) if (!next.log.includes(write)) this.#lost.add(write);
    this.#timelines += 1;
    old.timeline = undefined;
    next.promote(this.#timelines);
    old.log = [...next.log];
    old.restart();
  }

  /** Once everything works and all have all, everybody is answered, and nobody is kept at the primary. */
  async #calmDown(): Promise<void> {
    this.#redis.away = false;
    for (const server of this.#servers) if (server !== this.#primary) server.follow(this.#primary);
    for (const where of this.#boxes) await this.#look(where);
    for (const who of this.#clients) {
      for (const where of this.#boxes) await this.#read(who, where); // may have to get a position anew
      const before = { ...this.answered };
      for (let n = 0; n < 3; n++) for (const where of this.#boxes) await this.#read(who, where);
      if (this.answered.all - before.all < 3 * BOXES) this.faults.push('was not answered');
      if (this.answered.byStandby === before.byStandby) this.faults.push('is kept at the primary');
    }
  }

  #makeBox(): BoxOfWorld {
    const nodes = this.#servers.map((server) => new DatabaseNode(server.number, server));
    const view = new ClusterView(nodes, Number.MAX_SAFE_INTEGER); // whatever the lag: floors alone must hold
    return { view, db: databasesOf(view, 100), middleware: ownWrites(this.#link(), CONFIG) };
  }

  /** Redis, as far as positions need it. */
  #link(): RedisLink {
    const { keys } = this.#redis;
    const redis = {
      get: async (key: string) => keys.get(key) ?? null,
      evalSha: async (_sha: string, asked: { keys: string[]; arguments: string[] }) => {
        const [key = ''] = asked.keys;
        const [position = ''] = asked.arguments;
        if ((keys.get(key) ?? '') < position) keys.set(key, position);
      },
    };
    return {
      call: async (command) => {
        await this.#step('to Redis');
        if (this.#redis.away) throw new UnavailableError('away');
        const reply = await command(redis as never);
        await this.#step('from Redis');
        return reply;
      },
      close: async () => {},
    };
  }

  #step(label: string): Promise<void> {
    return this.#plan.scheduler.schedule(Promise.resolve(), label);
  }

  #client(index: number): Client {
    return this.#clients[index] as Client;
  }

  #box(index: number): BoxOfWorld {
    return this.#boxes[index] as BoxOfWorld;
  }
}
