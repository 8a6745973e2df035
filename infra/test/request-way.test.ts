import { describe, expect, it } from '@jest/globals';
import type { LogEntry } from '../src/logs/log-entry.ts';
import { readLine } from '../src/logs/read-line.ts';
import { requestWay } from '../src/logs/request-way.ts';

const T = 1_770_000_000_000;
const entry = (box: string, fields: object): LogEntry => {
  const read = readLine(JSON.stringify({ requestId: 'r-1', ...fields }));
  return { ...read, at: read.at ?? 0, box, level: read.level ?? 'info' };
};
const edge = (name: string, ended: number, ms: number, cache = 'miss') =>
  entry(name, { time: (T + ended) / 1000, method: 'POST', url: '/signup', status: 201, seconds: ms / 1000, cache });
const nginx = (ended: number, ms: number, upstream: object) =>
  entry('nginx', {
    time: (T + ended) / 1000,
    method: 'POST',
    url: '/signup',
    status: 201,
    seconds: ms / 1000,
    ...upstream,
  });

const boxAt = (address: string) => ({ '127.0.0.1:1': 'app-1', '127.0.0.1:2': 'app-2' })[address] ?? address;
const way = (...entries: LogEntry[]) => requestWay(entries, boxAt).map(({ box, text, ms }) => [box, text, ms]);

describe('the way of a request', () => {
  it('goes from the visitor inwards, though the clock of nginx is coarse, and on to what was done later', () => {
    const upstream = { upstream: '127.0.0.1:1', upstreamStatus: '201', upstreamSeconds: '0.040' };
    const serverTiming = 'db;dur=2.06;desc="3 queries", dbnode;desc="replica-2", cache;desc=hit, app;dur=38.4';
    const job = { job: 'welcome-mail', outboxMs: 25, queueMs: 4, ms: 2000, msg: 'job', outcome: 'done' };
    const found = way(
      entry('mail', { time: T + 2181, level: 30, msg: 'mail accepted' }),
      entry('worker-1', { time: T + 2180, level: 30, ...job }),
      nginx(144, 41, { ...upstream, serverTiming }), // began at 103
      edge('edge-seoul', 148, 43), // began at 105
      edge('edge-la', 246, 246),
    );
    expect(found).toEqual([
      ['edge-la', 'POST /signup 201 cache=miss', 246],
      ['edge-seoul', 'POST /signup 201 cache=miss', 43],
      ['nginx', 'POST /signup 201', 41],
      ['app-1', '201 · db 2.1 ms (3 queries), dbnode replica-2, cache hit, app 38.4 ms', 40],
      ['outbox', 'welcome-mail', 25],
      ['queue', 'welcome-mail', 4],
      ['worker-1', 'job job=welcome-mail outboxMs=25 queueMs=4 outcome=done', 2000],
      ['mail', 'mail accepted', undefined],
    ]);
  });

  it('names each box that nginx tried, and what came of it', () => {
    const tried = { upstream: '127.0.0.1:1, 127.0.0.1:2', upstreamStatus: '504, 200', upstreamSeconds: '5.000, 0.004' };
    const hops = requestWay([nginx(5005, 5005, tried)], boxAt);
    expect(hops.map(({ at, box, level, text, ms }) => [at - T, box, level, text, ms])).toEqual([
      [0, 'nginx', 'info', 'POST /signup 201', 5005],
      [0, 'app-1', 'error', '504', 5000],
      [5000, 'app-2', 'info', '200', 4],
    ]);
  });

  it('shows a box without an answer, and one that nobody knows, as what is known of them', () => {
    const lost = { upstream: '127.0.0.1:9', upstreamStatus: '-', upstreamSeconds: '0.100' };
    expect(way(nginx(100, 100, lost))[1]).toEqual(['127.0.0.1:9', 'no answer', 100]);
    expect(way(nginx(1, 1, { upstream: '', upstreamStatus: '', upstreamSeconds: '' }))).toHaveLength(1);
  });

  it('has an edge that answered at once before what it then fetched for later visitors', () => {
    const upstream = { upstream: '127.0.0.1:1', upstreamStatus: '200', upstreamSeconds: '0.009' };
    expect(way(nginx(10, 10, upstream), edge('edge-la', 0.1, 0.1, 'stale')).map(([box]) => box)).toEqual([
      ...['edge-la', 'nginx', 'app-1'],
    ]);
  });
});
