import { fileURLToPath } from 'node:url';
import { createLogger } from '@day90/core';
import { secrets, workspaceRoot } from '@day90/infra';
import { describeHttpContract, eventually, listenersOf, tellsListeners } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectRedis } from 'stage-2';
import { topology } from '../src/topology.ts';
import { metricValue, readMetrics, type Series } from './metric-text.ts';
import { describeRequestWay } from './request-way.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Once for all of this file: it is twenty processes. */
let stage: LaunchedStage;
beforeAll(async () => {
  stage = await launchedStage(topology, FOLDER, 'contract');
}, 180_000);
afterAll(() => stage?.stop(), 60_000);

describeHttpContract('stage-7', async () => ({ ...stage, stop: async () => {} }), { pictures: true });
describeRequestWay(() => stage);

const boxOf = (name: string) => stage.instance.ready.boxes.find((box) => box.name === name);

async function scrape(port: number | undefined, path = '/metrics'): Promise<Series[]> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  expect([path, answer.status]).toEqual([path, 200]);
  return readMetrics(await answer.text());
}
const metricsOf = (name: string) => scrape(boxOf(name)?.ports?.metrics);
const exported = (name: string) => scrape(boxOf('exporter')?.port, `/metrics/${name}`);

// After the contract, whose requests are all in it.
describe('the metrics of the app', () => {
  it('name routes by their patterns, whatever the contract has asked for', async () => {
    const routes = new Set((await metricsOf('app-1')).flatMap(({ labels }) => labels.route ?? []));
    const { paths } = (await (await fetch(`${stage.url}/openapi.json`)).json()) as { paths: Record<string, unknown> };
    const patterns = Object.keys(paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'));
    const known = new Set([...patterns, '/static/*', '/openapi.json', 'unmatched']);
    expect([...routes].filter((route) => !known.has(route))).toEqual([]);
    expect(routes).toContain('/posts/:id');
  });

  it('count what the boxes have done together', async () => {
    const boxes = await Promise.all(['app-1', 'app-2', 'app-3'].map(metricsOf));
    const sum = (name: string) => boxes.flat().reduce((total, one) => total + (one.name === name ? one.value : 0), 0);
    for (const name of ['posts_created_total', 'image_processing_seconds_count', 'db_queries_total'])
      expect([name, sum(name)]).not.toEqual([name, 0]);
    expect(sum('cache_requests_total')).toBeGreaterThan(0);
  });

  it('know replicas and pools by the names of their boxes', async () => {
    const series = await metricsOf('app-1');
    for (const replica of ['db-2', 'db-3'])
      expect(metricValue(series, 'replica_lag_seconds', { replica })).toBeGreaterThanOrEqual(0);
    for (const pool of ['db-1', 'db-2', 'db-3']) expect(metricValue(series, 'db_pool_waiting', { pool })).toBe(0);
    expect(metricValue(series, 'failovers_total')).toBe(0);
  });
});

describe('the metrics of jobs', () => {
  it('are counted by the worker, from 0 on for each kind', async () => {
    const kinds = (await metricsOf('worker-1')).filter(({ name }) => name === 'jobs_total');
    expect(kinds.length).toBe(15);
    expect(metricValue(kinds, 'jobs_total', { kind: 'unknown', outcome: 'given_up' })).toBe(0);
  });

  it('are asked for by the relay, and left out while the queue is away', async () => {
    const jobs = async () => (await metricsOf('relay')).filter(({ name }) => name === 'queue_jobs');
    await eventually(jobs, (series) => series.length === 12);
    const { instance } = stage;
    instance.hold('queue');
    await instance.kill('queue');
    await eventually(jobs, (series) => series.length === 0, 5000);
    expect((await metricsOf('relay')).filter(({ name }) => name === 'outbox_rows').length).toBe(9);
    instance.release('queue');
    await eventually(jobs, (series) => series.length === 12, 20_000);
  }, 40_000);
});

describe('the exporter', () => {
  it.each([
    ['db-1', 'pg_up', 'pg_stat_database_xact_commit'],
    ['db-2', 'pg_up', 'pg_replication_lag_seconds'],
    ['cache', 'redis_up', 'redis_memory_used_bytes'],
    ['sessions', 'redis_up', 'redis_connected_clients'],
    ['queue', 'redis_up', 'redis_aof_last_write_status'],
    ['nginx', 'nginx_up', 'nginx_http_requests_total'],
    ['edge-seoul', 'varnish_up', 'varnish_main_cache_hit'],
  ])('tells the metrics of %s', async (target, up, one) => {
    const series = await eventually(
      () => exported(target),
      (found) => metricValue(found, up) === 1,
      10_000,
    );
    expect(series.map(({ name }) => name)).toContain(one);
  });

  it('tells of a server that is gone that it is, and nothing else, and of its return', async () => {
    const { instance } = stage;
    instance.hold('db-3');
    const underWay = Promise.all(Array.from({ length: 20 }, () => exported('db-3')));
    await instance.kill('db-3');
    await underWay;
    expect(
      await eventually(
        () => exported('db-3'),
        (found) => found.length === 1,
        10_000,
      ),
    ).toEqual([{ name: 'pg_up', labels: {}, value: 0 }]);
    instance.release('db-3');
    await eventually(
      () => exported('db-3'),
      (found) => metricValue(found, 'pg_up') === 1,
      30_000,
    );
  }, 60_000);

  it('knows no other targets', async () => {
    const answer = await fetch(`http://127.0.0.1:${boxOf('exporter')?.port}/metrics/postgres`);
    expect(answer.status).toBe(404);
  });
});

describe('who may look', () => {
  it('sees statistics of the database and no row of it', async () => {
    const { 'db-monitor': password } = await secrets(workspaceRoot(FOLDER), ['db-monitor']);
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: boxOf('db-1')?.port ?? 0, database: 'day90' },
      ...{ user: 'day90_monitor', password: password ?? '' },
    });
    await client.connect();
    try {
      await expect(client.query('SELECT count(*) FROM pg_stat_activity')).resolves.toBeDefined();
      for (const sql of ['SELECT * FROM users', 'DELETE FROM posts', 'CREATE TABLE x ()', 'SELECT pg_promote()'])
        await expect(client.query(sql)).rejects.toThrow('permission denied');
    } finally {
      await client.end();
    }
  });

  it.each(['cache', 'sessions', 'queue'])('asks %s how it is doing, and reads no key of it', async (name) => {
    const { 'redis-monitor': password } = await secrets(workspaceRoot(FOLDER), ['redis-monitor']);
    const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
    const link = connectRedis(`redis://monitor:${password}@127.0.0.1:${boxOf(name)?.port}`, { name, logger });
    const tell = (...command: string[]) => link.call((client) => client.sendCommand<string>(command), 2000);
    try {
      await eventually(
        () => tell('PING').catch(() => ''),
        (answer) => answer === 'PONG',
        10_000,
      );
      for (const command of [['GET', 'x'], ['KEYS', '*'], ['FLUSHALL'], ['CONFIG', 'GET', '*'], ['ACL', 'LIST']]) {
        const { cause } = await tell(...command).then(
          () => ({ cause: 'an answer' }),
          (error: Error) => error,
        );
        expect(String(cause)).toContain('NOPERM');
      }
    } finally {
      await link.close();
    }
  });
});

describe('what is told of the inside', () => {
  it.each(['/metrics', '/metrics/db-1', '/stub_status', '/probe'])(
    '%s is not to be had through the door',
    async (path) => {
      expect((await fetch(stage.url + path)).status).toBe(404);
    },
  );

  it('is all that the ports for it have', async () => {
    for (const [box, path] of [
      ['app-1', '/posts'],
      ['app-1', '/'],
      ['nginx', '/posts'],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${boxOf(box)?.ports?.metrics}${path}`);
      expect([box, path, answer.status]).toEqual([box, path, 404]);
    }
  });

  (tellsListeners ? it : it.skip)('and all else is on this machine alone, on ports that ready.json names', () => {
    const { boxes } = stage.instance.ready;
    const known = boxes.flatMap(({ port, ports }) => Object.values(ports ?? { port }));
    const others = listenersOf(process.pid).filter((one) => !known.includes(Number(one.replace('127.0.0.1:', ''))));
    expect(others).toEqual([]);
  });
});
