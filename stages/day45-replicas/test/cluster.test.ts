import { setTimeout as sleep } from 'node:timers/promises';
import {
  BEYOND_COPIES,
  openHandle,
  type Reader,
  runInBackground,
  runInContext,
  transaction,
  UnavailableError,
} from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cluster, clusterOf } from '../src/cluster.ts';
import { type Answer, type Draft, type FakeServer, threeServers } from './fake-servers.ts';
import { logger } from './silent-logger.ts';

const QUERY = { sql: 'SELECT', values: [] };
const POOL = 10;
/** Of a pool of ten, and those that may wait. */
const READS_AT_ONCE = 6;
const READS_IN_LINE = 30;
/** Longer than from one look at a server to the next. */
const LOOKS_MS = 400;

let servers: [FakeServer, FakeServer, FakeServer];
let cluster: Cluster;
beforeEach(async () => {
  servers = threeServers();
  cluster = clusterOf(servers, { logger, pool: POOL, maxLagMs: 1000 });
  await eventually(
    async () => (await answers(12)).length,
    (count) => count === 3,
  );
});
afterEach(() => cluster.close());

const read = async () => ((await cluster.reads.run<Answer>(QUERY))[0] as Answer).server;
/** Who answers so many reads, one after the other. */
async function answers(count: number): Promise<number[]> {
  const by = new Set<number>();
  for (let n = 0; n < count; n++) by.add(await read().catch(() => 0));
  by.delete(0);
  return [...by].sort();
}
/** Runs `work` as a request of a reader. @returns What it gave, what `Server-Timing` says, and what the reader saw. */
async function asked<T>(work: () => Promise<T>, floor?: string) {
  const timings = new Map<string, string>();
  const seen: string[] = [];
  const reader: Reader = { floor: async () => floor ?? '', saw: async (position) => void seen.push(position) };
  const result = await runInBackground(cluster.primary.transactor, async () => {
    const context = { requestId: 'test', deadline: performance.now() + 10_000, queries: { count: 0, ms: 0 } };
    const more = {
      timings,
      written: { position: '' },
      tags: new Set<string>(),
      transactor: cluster.primary.transactor,
    };
    return runInContext({ ...context, ...more, ...(floor !== undefined && { reader }) }, work);
  });
  return { result, seen, node: timings.get('dbnode') };
}

describe('reads', () => {
  it('go to all three in turn, and Server-Timing says to which', async () => {
    const nodes = new Set<string | undefined>();
    for (let n = 0; n < 12; n++) nodes.add((await asked(read)).node);
    expect(nodes).toEqual(new Set(['desc="primary"', 'desc="replica-2"', 'desc="replica-3"']));
  });

  it('that meet a dead server are answered by the next one, without anybody noticing', async () => {
    servers[1].failure = new UnavailableError('gone');
    const by = new Set<number>();
    for (let n = 0; n < 12; n++) by.add(await read());
    expect([...by].sort()).toEqual([1, 3]);
    expect(servers[1].asked).toBeGreaterThan(0);
  });

  it('stay with a server that answers them, and has too much to do for whoever looks at it', async () => {
    servers[2].hidden = true;
    const late = new Set<number>();
    for (let n = 0; n < 80; n++) {
      const server = await read();
      if (n >= 50) late.add(server);
      await sleep(5);
    }
    expect([...late]).toContain(3);
    await sleep(300);
    expect(await answers(12)).toEqual([1, 2]);
  });

  it('find connections made at a server that was away, before it is read again', async () => {
    servers[1].down = true;
    await eventually(
      () => answers(12),
      (by) => by.join() === '1,3',
    );
    await sleep(LOOKS_MS); // for it to be seen away
    const asked = servers[1].asked;
    servers[1].down = false;
    await eventually(
      () => answers(12),
      (by) => by.join() === '1,2,3',
    );
    expect(servers[1].connectedAfter).toBe(asked);
  });

  it('that fail for what they ask are not asked of everybody', async () => {
    for (const server of servers) server.failure = new Error('no such column');
    const before = servers.map(({ asked: count }) => count).reduce((a, b) => a + b);
    await expect(read()).rejects.toThrow('no such column');
    const canceled = new UnavailableError('slow', { cause: { code: '57014' } });
    for (const server of servers) server.failure = canceled;
    await expect(read()).rejects.toBe(canceled);
    expect(servers.map(({ asked: count }) => count).reduce((a, b) => a + b)).toBe(before + 2);
  });

  it('ask where the server stands for somebody who wants to know, and for nobody else', async () => {
    expect((await asked(read, '')).seen).toEqual(['000000010000000000000001']);
    expect((await asked(read)).seen).toEqual([]);
  });

  it('of somebody who has just written are answered by a replica that has the write, before it is looked at again', async () => {
    const nodes = new Set<string | undefined>();
    for (let n = 2; n < 12; n++) {
      servers[0].log.push('a');
      for (const standby of servers.slice(1)) standby.follow(servers[0]);
      await new Promise((resolve) => setTimeout(resolve, 12));
      nodes.add((await asked(read, `00000001${n.toString(16).toUpperCase().padStart(16, '0')}`)).node);
    }
    expect(nodes.size).toBe(3);
  });

  it('are answered elsewhere when the server was started anew after it was chosen', async () => {
    servers[0].log.push('a');
    const at = '000000010000000000000002';
    servers[1].follow(servers[0]);
    servers[2].down = true;
    await eventually(
      async () => (await asked(read, at)).node,
      (node) => node === 'desc="replica-2"',
    );
    servers[1].restart(1);
    const { result, node } = await asked(read, at);
    expect([result, node]).toEqual([1, 'desc="primary"']);
  });
});

describe('a read of the primary', () => {
  it('is not answered by what it held as a standby that was started anew, though it is the primary again', async () => {
    const [primary] = servers;
    const answered = Promise.withResolvers<void>();
    primary.held = answered.promise;
    primary.timeline = undefined;
    primary.restart(0);
    const reading = asked(read, BEYOND_COPIES);
    await sleep(20);
    primary.promote(3);
    answered.resolve();
    await expect(reading).rejects.toThrow(UnavailableError);
  });
});

describe('with no replica left', () => {
  beforeEach(async () => {
    servers[1].down = true;
    servers[2].down = true;
    await eventually(
      () => answers(6),
      (by) => by.join() === '1',
    );
  });

  it('reads on the primary are capped, so that writes keep connections; some wait, more are told to come again', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    servers[0].held = promise;
    const before = servers[0].asked;
    const reads = Array.from({ length: READS_AT_ONCE + READS_IN_LINE + 5 }, () =>
      read().then(
        () => 'answered',
        (error: unknown) => (error instanceof UnavailableError ? 'refused' : 'failed'),
      ),
    );
    await new Promise((done) => setTimeout(done, 50));
    expect(servers[0].asked - before).toBe(READS_AT_ONCE);
    resolve();
    const outcomes = await Promise.all(reads);
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(READS_AT_ONCE + READS_IN_LINE);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(5);
  });

  it('nothing is ready once the primary is gone as well', async () => {
    await expect(cluster.ready?.()).resolves.toBeUndefined();
    servers[0].down = true;
    await eventually(
      async () => cluster.ready?.().catch((error: Error) => error.message),
      (answer) => answer === 'No database can be read.',
    );
  });
});

/** Writes in a transaction. @returns Where the database stood afterwards. */
function write(name: string, during?: () => void | Promise<void>) {
  return asked(
    () =>
      transaction(async () => {
        (openHandle() as Draft).writes.push(name);
        await during?.();
        return read();
      }),
    '',
  );
}

describe('writes', () => {
  it('go to the primary, with the reads of their transaction, and tell where it stood after the commit', async () => {
    const { result, node, seen } = await write('a');
    expect([result, node, seen.at(-1)]).toEqual([1, 'desc="primary"', '000000010000000000000002']);
    expect(servers[0].log).toContain('a');
  });

  it('follow a failover', async () => {
    servers[0].down = true;
    servers[1].promote(2);
    await eventually(
      async () => (await write('a').catch(() => undefined))?.node,
      (node) => node !== undefined,
    );
    expect(servers[1].log).toContain('a');
    expect(servers[0].log).not.toContain('a');
  });

  it('whose COMMIT was answered by a primary that was deposed meanwhile are not told to be done', async () => {
    const done = write('a', async () => {
      servers[1].promote(2);
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
    await expect(done).rejects.toThrow(UnavailableError);
    await expect(done).rejects.toThrow('changed its primary during a commit');
  });

  it('are refused while nobody takes them, and reads go on', async () => {
    servers[0].timeline = undefined;
    servers[0].restart();
    await eventually(
      async () => write('a').catch((error: Error) => error.message),
      (message) => message === 'No database takes writes at the moment.',
    );
    expect((await answers(12)).length).toBeGreaterThan(1);
  });
});

describe('the state of a cluster', () => {
  it('tells who is the primary, who lags, how many failovers there were, and the connections to each', async () => {
    const state = () => cluster.state();
    expect(state()).toEqual({
      failovers: 0,
      nodes: [1, 2, 3].map((number) => ({
        ...{ number, isPrimary: number === 1, lagMs: expect.any(Number) },
        connections: { idle: 0, busy: 0, waiting: 0 },
      })),
    });
    servers[0].log.push('a'); // which no replica has
    const lags = await eventually(
      async () => state().nodes.map(({ lagMs = 0 }) => lagMs),
      ([, second = 0]) => second > 0,
    );
    expect(lags[0]).toBe(0);
    servers[0].down = true;
    servers[1].promote(2);
    await eventually(
      async () => state(),
      ({ failovers, nodes }) => failovers === 1 && nodes[1]?.isPrimary === true,
    );
  });

  it('knows no lag of a server that was never seen', async () => {
    const [one, two, three] = threeServers();
    three.down = true;
    const other = clusterOf([one, two, three], { logger, pool: POOL, maxLagMs: 1000 });
    await eventually(
      async () => other.state().nodes[1]?.lagMs,
      (lagMs) => lagMs !== undefined,
    );
    expect(other.state().nodes[2]?.lagMs).toBeUndefined();
    await other.close();
  });
});

describe('a primary nobody writes to', () => {
  it('has the end of its log written to the disk, which no standby could get', async () => {
    servers[0].flushed = 0;
    await eventually(
      async () => servers[0].flushes,
      (flushes) => flushes > 0,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(servers[0].flushes).toBe(1);
  });
});
