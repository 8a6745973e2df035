import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { createLogger } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Gauge } from 'prom-client';
import { type Metrics, openMetrics } from 'stage-7';
import { metricValue, readMetrics } from './metric-text.ts';

const HOST = '127.0.0.1';

describe('the metrics of a process', () => {
  let metrics: Metrics;
  let url: string;
  let log: string;
  afterEach(() => metrics.close());

  async function open(): Promise<void> {
    const port = await freePort();
    log = '';
    const into = new Writable({
      write(chunk, _encoding, done) {
        log += chunk;
        done();
      },
    });
    metrics = openMetrics({ HOST, METRICS_PORT: port }, createLogger({ LOG_LEVEL: 'info', BOX: 'test' }, into));
    url = `http://${HOST}:${port}`;
    await eventually(
      () =>
        fetch(`${url}/nothing`).then(
          () => true,
          () => false,
        ),
      (up) => up,
    );
  }
  const scrape = async () => readMetrics(await (await fetch(`${url}/metrics`)).text());

  it('are Node’s own, and what is registered beside them', async () => {
    await open();
    new Gauge({ name: 'answer', help: 'Known.', registers: [metrics.registry] }).set(42);
    const series = await scrape();
    expect(metricValue(series, 'answer')).toBe(42);
    const names = new Set(series.map(({ name }) => name));
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total', 'nodejs_heap_size_used_bytes'])
      expect(names).toContain(name);
  });

  it('are had by GET /metrics and in no other way', async () => {
    await open();
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('text/plain; version=0.0.4');
    for (const [method, path] of [
      ['POST', '/metrics'],
      ['GET', '/'],
      ['GET', '/metrics/x'],
      ['GET', '/livez'],
    ] as const)
      expect([method, path, (await fetch(url + path, { method })).status]).toEqual([method, path, 404]);
  });

  it('are asked for at each scrape, and told without those that can’t be asked, which is logged once', async () => {
    await open();
    const registers = [metrics.registry];
    const asked = new Gauge({ name: 'asked', help: 'Asked for.', registers });
    let away = false;
    metrics.onScrape(async () => {
      asked.inc();
      if (away) throw new Error('the database is away');
    });
    const after = async () => metricValue(await scrape(), 'asked');
    expect([await after(), await after()]).toEqual([1, 2]);
    away = true;
    expect([await after(), await after()]).toEqual([3, 4]);
    expect(log.match(/the database is away/g)?.length).toBeGreaterThan(0);
    expect(log.match(/metrics could not be asked for/g)).toHaveLength(1);
    away = false;
    await after();
    expect(log).toContain('can be asked for again');
  });

  it('say which setting is wrong when their port is taken', async () => {
    await open();
    const port = Number(new URL(url).port);
    const second = openMetrics({ HOST, METRICS_PORT: port }, createLogger({ LOG_LEVEL: 'silent', BOX: 'test' }));
    expect(await second.broken).toMatch(/^METRICS_PORT: .*EADDRINUSE/);
    await second.close();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
