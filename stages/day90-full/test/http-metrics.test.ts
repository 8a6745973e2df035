import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { RequestHandler } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { httpMetrics } from '../src/metrics/http-metrics.ts';
import { appOnFakes } from './app-on-fakes.ts';
import { growingLabels, metricValue, readMetrics } from './metric-text.ts';

const COUNT = 'http_request_duration_seconds_count';

/** A path that is never answered. */
const SILENT = '/silent';

describe('the metrics of requests', () => {
  let registry: Registry;
  let app: Awaited<ReturnType<typeof appOnFakes>>;
  beforeEach(async () => {
    registry = new Registry();
    app = await appOnFakes([httpMetrics(metricsOf(registry)), silentAt(SILENT)]);
  });
  afterEach(() => app.close());

  const scrape = async () => readMetrics(await registry.metrics());

  it('count by method, pattern of the route, and status', async () => {
    for (const path of ['/posts/1', '/posts/2', '/posts', '/static/avatars/1.svg', '/static/none.svg', '/nowhere'])
      await fetch(app.url + path);
    await fetch(`${app.url}/posts`, { method: 'POST' });
    await eventually(scrape, (series) => series.filter(({ name }) => name === COUNT).length === 6);

    const series = await scrape();
    const count = (method: string, route: string, status: string) =>
      metricValue(series, COUNT, { method, route, status });
    expect(count('GET', '/posts/:id', '404')).toBe(2);
    expect(count('GET', '/posts', '200')).toBe(1);
    expect(count('POST', '/posts', '401')).toBe(1);
    expect(count('GET', '/static/*', '200')).toBe(1);
    expect(count('GET', '/static/*', '404')).toBe(1);
    expect(count('GET', 'unmatched', '404')).toBe(1);
  });

  it('count what is refused, whoever refuses it', async () => {
    const refused: [number, string, RequestInit][] = [
      [401, '/me', {}],
      [403, '/posts', { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } }],
      [400, '/posts?limit=x', {}],
    ];
    for (const [status, path, options] of refused) expect((await fetch(app.url + path, options)).status).toBe(status);
    await eventually(scrape, (series) => series.filter(({ name }) => name === COUNT).length === refused.length);
    const series = await scrape();
    for (const [status] of refused) expect(metricValue(series, COUNT, { status: String(status) })).toBe(1);
  });

  it('have a bucket at each goal, of 100 and of 500 ms', async () => {
    await fetch(`${app.url}/posts`);
    const bounds = (await scrape()).flatMap(({ labels }) => labels.le ?? []);
    expect(bounds).toEqual(expect.arrayContaining(['0.1', '0.5']));
  });

  it('leave out health checks', async () => {
    for (const path of ['/livez', '/readyz']) await fetch(app.url + path);
    expect((await scrape()).filter(({ name }) => name === COUNT)).toEqual([]);
  });

  it('take a client that went away for no failure of the app', async () => {
    const leaves = request(`${app.url}${SILENT}`).on('error', () => {});
    leaves.end();
    await eventually(scrape, (series) => metricValue(series, 'http_requests_in_flight') === 1);
    leaves.destroy();
    await eventually(scrape, (series) => metricValue(series, 'http_requests_in_flight') === 0);
    expect(metricValue(await scrape(), COUNT, { route: 'unmatched', status: '499' })).toBe(1);
  });

  it('do not grow with what strangers send', async () => {
    await sendMadeUp(app.url, 100);
    const before = await scrape();
    await sendMadeUp(app.url, 1000);
    expect(growingLabels(before, await scrape())).toEqual([]);
  });
});

describe('the check that labels do not grow', () => {
  it('refuses one that is a URL', async () => {
    const registry = new Registry();
    const requests = new Counter({ name: 'requests', help: 'By URL.', labelNames: ['url'], registers: [registry] });
    const byUrl: RequestHandler = (req, _res, next) => {
      requests.inc({ url: req.url });
      next();
    };
    const app = await appOnFakes([byUrl]);
    await sendMadeUp(app.url, 20);
    const after = readMetrics(await registry.metrics());
    await app.close();
    expect(growingLabels([], after)).toEqual(['requests.url']);
  });
});

const AT_ONCE = 20;

/** Paths, ids, methods and queries that nobody has heard of. */
async function sendMadeUp(url: string, count: number): Promise<void> {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT', 'MKCOL'];
  const paths = [
    () => `/posts/${Math.floor(Math.random() * 1e9)}`,
    () => `/users/${randomUUID()}`,
    () => `/images/${randomUUID()}.webp`,
    () => `/static/${randomUUID()}.svg`,
    () => `/posts?before=${randomUUID()}`,
    () => `/${randomUUID()}/${randomUUID()}`,
  ];
  const send = (n: number) => {
    const path = (paths[n % paths.length] as () => string)();
    return fetch(url + path, { method: methods[n % methods.length] as string }).then((answer) => answer.arrayBuffer());
  };
  for (let n = 0; n < count; n += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => send(n + i)));
}

function silentAt(path: string): RequestHandler {
  return (req, _res, next) => {
    if (req.path !== path) next();
  };
}

function metricsOf(registry: Registry) {
  return { registry, onScrape: () => {}, close: async () => {} };
}
