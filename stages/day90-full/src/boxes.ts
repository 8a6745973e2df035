import { type Box, redisBox } from '@day90/infra';
import { scaling } from 'stage-3/boxes';
import * as stage4 from 'stage-4/boxes';
import * as stage6 from 'stage-6/boxes';
import { alertmanager, prometheus, toldChannel } from './watch-boxes.ts';

export { edges } from './edges.ts';

/** Between a box's port and that of its metrics. */
const METRICS_OFFSET = 100;
const REDISES = ['cache', 'sessions', 'queue'];
const NODES = ['db-1', 'db-2', 'db-3'];
const EDGES = ['edge-seoul', 'edge-la', 'edge-london'];

/**
 * The app boxes, of which none is given more at once than it can answer in time, and whose number can follow how
 * many of their places are taken as well: a box that waits is full, too, and uses little of its CPU.
 */
export const app: typeof stage6.app = (port, size) => {
  const { replicas, ...box } = measured(stage6.app(port, size), port);
  const env = { ...box.env, LIMITER: '127.0.0.1:${port:limiter}' };
  const server = `${replicas?.server} max_conns=\${option:in-flight}`;
  // The proxy lets in the step below a box's limit: a box that is full has no more than 0.55 of it under way at times.
  const concurrency = { target: 0.5, gauge: 'http_requests_in_flight_share', port: 'metrics' };
  return { ...box, env, ...(replicas && { replicas: { ...replicas, server, scaling: { ...scaling, concurrency } } }) };
};
export const relay: typeof stage6.relay = (port, size) => measured(stage6.relay(port, size), port);
export const worker: typeof stage6.worker = (port, size) => measured(stage6.worker(port, size), port);
export const board: typeof stage6.board = (port) => measured(stage6.board(port), port);

/** Where a start has something to look at. @param admin - Who is let in to the queues. */
export function pages(admin: string): string[] {
  return [...stage6.pages(admin), 'Notices: ${url:notices}', 'Prometheus: ${url:prometheus}/alerts'];
}

/** A box with a second port, for its metrics alone: no proxy leads there. */
function measured(box: Box, port: number): Box {
  return {
    ...box,
    env: { ...box.env, METRICS_PORT: '${port:self.metrics}' },
    port: { main: port, metrics: port + METRICS_OFFSET },
  };
}

/** nginx, which refuses what is too much for the boxes, and tells how many connections it has on a port that no visitor reaches. */
export function nginx(port: number): Box {
  const box = stage6.nginx(port);
  return {
    ...box,
    files: {
      ...box.files,
      'http-shedding.conf': 'nginx/http-shedding.conf',
      'location-images.conf': 'nginx/location-images.conf',
      'limit-shedding.conf': 'nginx/limit-shedding.conf',
      'server-metrics.conf': 'nginx/server-metrics.conf',
    },
    port: { main: port, metrics: port + METRICS_OFFSET },
  };
}

/** The databases, with a role that sees their statistics and no table. */
export const databases: typeof stage4.databases = (port, size) => {
  const { prepare, ...box } = stage4.databases(port, size);
  const files = { 'cluster_hba.conf': box.files?.['pg_hba.conf'] ?? '', 'pg_hba.conf': 'postgres/pg_hba.conf' };
  const env = { ...prepare?.env, MONITOR_PASSWORD: '${secret:db-monitor}' };
  return { ...box, files: { ...box.files, ...files }, ...(prepare && { prepare: { ...prepare, env } }) };
};

export const cache = (port: number) => monitored(redisBox('cache', '../day15-cache/redis.conf', port));
export const sessions = (port: number) =>
  monitored(redisBox('sessions', '../day30-scaleout/redis/sessions.conf', port));
export const queue: typeof stage6.queue = (port) => monitored(stage6.queue(port));

/** A Redis with a user who may ask how it is doing. */
function monitored(box: Box): Box {
  return { ...box, files: { 'base.conf': box.files?.['redis.conf'] ?? '', 'redis.conf': 'redis/monitored.conf' } };
}

/**
 * What watches all others: the exporter, the channel that is told, Alertmanager, and Prometheus, which have the ports from
 * `port` on in this order.
 */
export function watch(port: number): Record<'exporter' | 'notices' | 'alertmanager' | 'prometheus', Box> {
  return {
    exporter: exporter(port),
    notices: toldChannel(port + 1),
    alertmanager: alertmanager(port + 2),
    prometheus: prometheus(port + 3),
  };
}

/**
 * What tells Prometheus of the servers that it can't ask itself: one process for all of them, under the names that the usual
 * exporters have. Debian 12's own would be six processes, there is none for Varnish elsewhere, and that for Postgres is older
 * than version 17, whose checkpoints it fails to find with each scrape.
 */
function exporter(port: number): Box {
  const targets = {
    ...byName(NODES, (name) => `postgres://day90_monitor:\${secret:db-monitor}@127.0.0.1:\${port:${name}}/day90`),
    ...byName(REDISES, (name) => `redis://monitor:\${secret:redis-monitor}@127.0.0.1:\${port:${name}}`),
    ...byName(EDGES, (name) => `varnish:\${data}/${name}`),
    nginx: 'http://127.0.0.1:${port:nginx.metrics}/stub_status',
  };
  const { NODE_OPTIONS = '' } = stage6.board(port).env ?? {};
  return {
    role: 'exporter',
    run: ['node', 'src/exporter.ts'],
    env: {
      BOX: '${box}',
      PORT: '${port:self}',
      NODE_OPTIONS,
      TARGETS: Object.entries(targets)
        .map(([name, url]) => `${name}=${url}`)
        .join(','),
    },
    port,
    ready: { http: '/readyz' },
  };
}

function byName(names: string[], url: (name: string) => string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, url(name)]));
}

/** What sets nginx' limits. Without it they stay as they are. */
function limiter(port: number): Box {
  return {
    role: 'limiter',
    launcherOnly: true,
    run: ['node', 'src/limiter.ts'],
    env: { BOX: '${box}', PORT: '${port:self}', INSTANCE: '${instance}', NODE_OPTIONS: '--max-semi-space-size=2' },
    port,
    ready: { http: '/readyz' },
  };
}

/** What nginx begins with: requests at once to each box, and reads without a session at once in all. */
export const limits = {
  'in-flight': { least: 1, most: 1024, default: 24 },
  'public-reads': { least: 1, most: 8192, default: 36 },
};

/** nginx, and what has its limits follow what the boxes behind it can do. */
export function front(port: number, limiterPort: number): Record<'nginx' | 'limiter', Box> {
  return { nginx: nginx(port), limiter: limiter(limiterPort) };
}
