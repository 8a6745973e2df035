import {
  BEYOND_COPIES,
  currentContext,
  floorOfReader,
  Json,
  noteCommit,
  type Post,
  type Posts,
  runInBackground,
  UnavailableError,
} from '@day90/core';
import fc from 'fast-check';
import { DROP, LEASE } from '../src/cache-scripts.ts';
import { type CachedThing, POPULAR } from '../src/cached-things.ts';
import type { Cache } from '../src/redis-cache.ts';
import type { RedisClient, RedisLink } from '../src/redis-link.ts';
import { unprotectedPosts } from '../src/unprotected/unprotected-posts.ts';
import { LIVES } from './two-processes.ts';

const POSTS = ['a', 'b'] as const;
type PostName = (typeof POSTS)[number];
type Process = 0 | 1;
/** How often each post was written, as far as somebody knows. */
type Versions = Record<PostName, number>;

/** What happens, each at a moment of the scheduler's choice. */
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('read' as const), process: processes(), of: things() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('write' as const), process: processes(), of: posts() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('due' as const), of: things() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('evicted' as const), of: things() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('flushed' as const) }) },
);
/** What becomes of a command: `late`, its caller gives it up, and Redis does it all the same, sooner or later. */
const fate = fc.oneof(
  { weight: 8, arbitrary: fc.constant('done' as const) },
  { weight: 1, arbitrary: fc.constant('lost' as const) },
  { weight: 1, arbitrary: fc.constant('late' as const) },
);

/** A short life of two processes on one Redis, and the order in which all of it happens. */
export const plan = fc.record({
  actions: fc.array(action, { minLength: 4, maxLength: 14 }),
  fates: fc.array(fate, { maxLength: 40 }),
  /** A lease that was lost is waited for to its end; a short one ends while it is held. */
  leaseMs: fc.constantFrom('20', '400'),
  scheduler: fc.scheduler(),
});
export type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function processes() {
  return fc.constantFrom<Process[]>(0, 1);
}
function posts() {
  return fc.constantFrom(...POSTS);
}
function things() {
  return fc.constantFrom(...POSTS, 'list' as const);
}

/** Reads of one process: what a reader is shown of each post. */
interface Reader {
  read(of: PostName | 'list'): Promise<Partial<Versions> | undefined>;
  /** Tells the cache of a write that was committed. */
  written(of: PostName, position: string): Promise<void>;
}

/** Runs a plan on the database of a Redis of its own, against a model of what each reader has to be shown. */
export class InterleavedWorld {
  /** What was shown that is older than it may be. */
  readonly faults: string[] = [];
  readonly #plan: Plan;
  readonly #client: RedisClient;
  readonly #fates: Plan['fates'];
  readonly #committed: Versions = { a: 0, b: 0 };
  /** What was committed at each position: a copy of the database shows one of them. */
  readonly #history: Versions[] = [{ a: 0, b: 0 }];
  /** Whoever begins to read over a process now is to see these, or later ones. */
  readonly #known: [Versions, Versions] = [
    { a: 0, b: 0 },
    { a: 0, b: 0 },
  ];
  /** Posts whose last invalidation Redis has not confirmed yet, with how many there were. */
  readonly #open: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];

  constructor(how: Plan, client: RedisClient) {
    this.#plan = how;
    this.#client = client;
    this.#fates = [...how.fates];
  }

  /** @param make - The cache of one process. */
  async run(make: (link: RedisLink, world: InterleavedWorld) => Reader): Promise<void> {
    const { actions, scheduler } = this.#plan;
    const readers = ([0, 1] as const).map((process) => make(this.#link(process), this)) as [Reader, Reader];
    await scheduler.waitFor(Promise.all(actions.map((one) => this.#act(one, readers))));
    this.#fates.length = 0; // from now on Redis does everything
    for (let n = 0; n < 100 && this.#open.some(({ size }) => size > 0); n++) await scheduler.waitFor(sleep(20));
    if (this.#open.some(({ size }) => size > 0)) this.faults.push('an invalidation was never repeated');
    for (const known of this.#known) Object.assign(known, this.#committed);
    for (const of of [...POSTS, 'list'] as const)
      for (const process of [0, 1] as const) await scheduler.waitFor(this.#read(process, of, readers));
  }

  /**
   * A read of the database: what is committed in one moment, and handed over in another. Whoever reads under a floor gets
   * the copy that is the furthest behind of those that may be read.
   */
  async load(names: readonly PostName[]): Promise<Json<Partial<Versions>>> {
    const floor = await floorOfReader();
    await this.#step('the database reads');
    const at = floor === '' || floor === BEYOND_COPIES ? this.#history.length - 1 : Number(floor);
    const state = this.#history[at] as Versions;
    const read = Object.fromEntries(names.map((name) => [name, state[name]]));
    await currentContext()?.reader?.saw(positionOf(at));
    await this.#step('the database answers');
    return Json.of(read);
  }

  async #act(one: Plan['actions'][number], readers: [Reader, Reader]): Promise<void> {
    await this.#step(`begin: ${JSON.stringify(one)}`);
    if (one.does === 'read') await this.#read(one.process, one.of, readers);
    else if (one.does === 'write') await this.#write(one.process, one.of, readers);
    else if (one.does === 'flushed') await this.#alone(() => this.#client.flushDb());
    else if (one.does === 'evicted') await this.#alone(() => this.#client.del(keyOf(one.of)));
    else await this.#alone(() => this.#makeDue(keyOf(one.of)));
  }

  async #read(process: Process, of: PostName | 'list', readers: [Reader, Reader]): Promise<void> {
    const least = { ...this.#known[process] };
    const seen = await readers[process].read(of).catch(() => undefined);
    for (const name of POSTS) {
      const version = seen?.[name];
      if (version === undefined || version >= least[name]) continue;
      this.faults.push(`process ${process} was shown ${name} as of write ${version}, after ${least[name]}, in ${of}`);
    }
  }

  async #write(process: Process, name: PostName, readers: [Reader, Reader]): Promise<void> {
    this.#committed[name] += 1;
    const version = this.#committed[name];
    this.#history.push({ ...this.#committed });
    await this.#step('committed');
    const position = positionOf(this.#history.length - 1);
    const open = this.#open[process];
    open.set(keyOf(name), (open.get(keyOf(name)) ?? 0) + 1);
    await readers[process].written(name, position).catch(() => undefined);
    // The write is answered: its own process knows of it, whether Redis does or not.
    this.#known[process][name] = Math.max(this.#known[process][name], version);
  }

  #link(process: Process): RedisLink {
    return {
      call: async (command) => {
        const fate = this.#fates.shift() ?? 'done';
        if (fate === 'lost') throw new UnavailableError('lost');
        const reply = command(this.#scheduled(process, fate));
        if (fate === 'done') return reply;
        reply.catch(() => undefined);
        await this.#step('given up');
        throw new UnavailableError('late');
      },
      close: async () => {},
    };
  }

  /** The client, whose commands reach Redis, and their replies the caller, when the scheduler says so. */
  #scheduled(process: Process, fate: 'done' | 'late'): RedisClient {
    const client = this.#client;
    const send = async <T>(name: string, command: () => Promise<T>): Promise<T> => {
      const reply = await this.#alone(command, name);
      await this.#step(`reply to ${name}`);
      return reply;
    };
    const evalSha: RedisClient['evalSha'] = async (sha, options) => {
      if (sha === LEASE.sha) {
        const [token = '', , ...more] = options?.arguments ?? [];
        return send('LEASE', () =>
          client.evalSha(sha, { ...options, arguments: [token, this.#plan.leaseMs, ...more] }),
        );
      }
      if (sha !== DROP.sha) return send('script', () => client.evalSha(sha, options));
      const tags = (options?.arguments ?? []).slice(2).map(String);
      const asked = tags.map((tag) => [tag, this.#open[process].get(tag)] as const);
      const reply = await send('DROP', async () => {
        const before = { ...this.#committed };
        const done = await client.evalSha(sha, options);
        for (const known of this.#known)
          for (const name of POSTS) if (tags.includes(keyOf(name))) known[name] = Math.max(known[name], before[name]);
        return done;
      });
      if (fate === 'done')
        for (const [tag, count] of asked) if (this.#open[process].get(tag) === count) this.#open[process].delete(tag);
      return reply;
    };
    return Object.assign(Object.create(client) as RedisClient, {
      evalSha,
      eval: client.eval.bind(client),
      get: ((key: string) => send('GET', () => client.get(key))) as RedisClient['get'],
      setEx: ((...args: Parameters<RedisClient['setEx']>) =>
        send('SETEX', () => client.setEx(...args))) as RedisClient['setEx'],
      del: ((keys: string[]) => send('DEL', () => client.del(keys))) as RedisClient['del'],
    });
  }

  async #makeDue(key: string): Promise<void> {
    const entry = await this.#client.get(key);
    if (entry) await this.#client.set(key, entry.replace(/^\d+/, '1'), { condition: 'XX', expiration: 'KEEPTTL' });
  }

  #step(label: string): Promise<void> {
    return this.#plan.scheduler.schedule(Promise.resolve(), label);
  }

  /** Does something that nothing else comes in between of. */
  #alone<T>(work: () => Promise<T>, label = 'edit'): Promise<T> {
    const named = Object.defineProperty(async () => work(), 'name', { value: label });
    return this.#plan.scheduler.scheduleFunction(named)();
  }
}

function keyOf(of: PostName | 'list'): string {
  return of === 'list' ? POPULAR : `post:${of}`;
}

function positionOf(commit: number): string {
  return String(commit).padStart(4, '0');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const noTransactions = <T>(work: (handle: unknown) => Promise<T>) => work(undefined);

/** A process with a cache of the step. */
export function cachedReader(cache: Cache, world: InterleavedWorld): Reader {
  const thing = (of: PostName | 'list'): CachedThing<Partial<Versions>> => ({
    key: keyOf(of),
    seconds: 60,
    ...(of === 'list' && { tags: () => POSTS.map(keyOf) }),
  });
  return {
    read: (of) =>
      runInBackground(noTransactions, async () => {
        const names = of === 'list' ? POSTS : [of];
        return (await cache.through(thing(of), () => world.load(names)))?.value;
      }),
    written: (of, position) =>
      runInBackground(noTransactions, async () => {
        await noteCommit(position);
        await cache.drop([keyOf(of)]);
      }),
  };
}

/** A process with the cache as it is usually taught. */
export function unprotectedReader(link: RedisLink, world: InterleavedWorld): Reader {
  const redis = {
    get: (key: string) => link.call((client) => client.get(key)),
    setEx: (key: string, seconds: number, value: string) => link.call((client) => client.setEx(key, seconds, value)),
    del: (keys: string[]) => link.call((client) => client.del(keys)),
  };
  // Only what is called of them, and with versions in the place of posts.
  const source = {
    findById: (id: PostName) => world.load([id]),
    popular: () => world.load(POSTS),
    update: async () => Json.of({}),
  } as unknown as Posts;
  const cached = unprotectedPosts(source, redis, LIVES);
  return {
    read: async (of) => {
      const found = of === 'list' ? await cached.popular() : await cached.findById(of);
      return found?.value as unknown as Partial<Versions> | undefined;
    },
    written: async (of) => void (await cached.update(of, 'author', {} as Partial<Post>)),
  };
}
