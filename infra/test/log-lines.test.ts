import { describe, expect, it } from '@jest/globals';
import { readLine } from '../src/logs/read-line.ts';

const AT = Date.parse('2026-03-01T03:00:00.250Z');
/** Redis and nginx write the time of the place they run at. */
const LOCAL = (ms: number) => new Date(2026, 2, 1, 3, 0, 0, ms).getTime();

const nginx = {
  ...{ time: AT / 1000, requestId: 'r-1', ip: '127.0.0.1', method: 'GET', url: '/posts', status: 200, bytes: 9 },
  ...{ seconds: 0.012, upstream: '127.0.0.1:3', upstreamStatus: '200', serverTiming: 'app;dur=3' },
};

describe('a log line', () => {
  it.each<[string, object, object]>([
    [
      'of pino',
      { level: 30, time: AT, box: 'app-1', msg: 'ready' },
      { at: AT, level: 'info', box: 'app-1', text: 'ready' },
    ],
    [
      'of pino with an error',
      { level: 50, time: AT, msg: 'failed', err: { message: 'no such table', stack: 'x' } },
      { level: 'error', text: 'failed no such table' },
    ],
    [
      "of the app's access log",
      { level: 30, requestId: 'r-1', method: 'GET', url: '/posts', status: 200, ms: 12.4, queries: 1, msg: 'request' },
      { level: 'info', requestId: 'r-1', ms: 12.4, text: 'GET /posts 200 queries=1' },
    ],
    [
      'of a job',
      { level: 30, requestId: 'r-1', job: 'welcome-mail', outcome: 'done', ms: 2001, msg: 'job' },
      { text: 'job job=welcome-mail outcome=done', ms: 2001, requestId: 'r-1' },
    ],
    [
      'of a mail',
      { level: 30, msg: 'mail accepted', to: ['a@b.c'], answered: true },
      { text: 'mail accepted to=a@b.c answered=true' },
    ],
    ['of nginx', nginx, { at: AT, level: 'info', requestId: 'r-1', ms: 12, text: 'GET /posts 200' }],
    ['of nginx, failed', { ...nginx, status: 502 }, { level: 'error' }],
    ['of nginx, without an answer', { ...nginx, status: 0 }, { level: 'warn' }],
    ['with a level in words', { level: 'warn', msg: 'slow' }, { level: 'warn', text: 'slow' }],
  ])('%s, which is JSON, is understood', (_, entry, said) => {
    expect(readLine(JSON.stringify(entry))).toMatchObject(said);
  });

  it.each<[string, string, object]>([
    [
      'Postgres',
      '2026-03-01 03:00:00.250 UTC [7] day90_app@app-1 ERROR:  duplicate key',
      { at: AT, level: 'error', text: 'day90_app@app-1 duplicate key' },
    ],
    ['Postgres', '2026-03-01 03:00:00.250 UTC [7] LOG:  ready', { at: AT, level: 'info', text: 'ready' }],
    ['Redis', '9:M 01 Mar 2026 03:00:00.250 # Out of memory', { at: LOCAL(250), level: 'warn', text: 'Out of memory' }],
    [
      'nginx',
      '2026/03/01 03:00:00 [emerg] 7#7: bind() failed',
      { at: LOCAL(0), level: 'fatal', text: '7#7: bind() failed' },
    ],
    [
      'Prometheus 2',
      'ts=2026-03-01T03:00:00.250Z caller=main.go:1 level=warn msg="a \\"b\\"" n=1',
      { at: AT, level: 'warn', text: 'a "b" caller=main.go:1 n=1' },
    ],
    ['Prometheus 3', 'time=2026-03-01T03:00:00.250Z level=INFO msg=ready', { at: AT, level: 'info', text: 'ready' }],
    ['Varnish', 'Error: Child died', { level: 'error', text: 'Child died' }],
    ['Node', '(node:7) Warning: old', { level: 'warn', text: '(node:7) Warning: old' }],
    ['nobody known', 'Listening on 3001', { text: 'Listening on 3001' }],
    ['nobody known, that begins as JSON does', '{ cut off', { text: '{ cut off' }],
  ])('of %s, which is plain, is understood', (_, line, said) => {
    expect(readLine(line)).toMatchObject(said);
  });

  it('cannot speak to the terminal', () => {
    const url = '/\u001b[2J\u0007\u009b31mx';
    const made = JSON.stringify({ level: 30, msg: '', url, status: 200, box: url, requestId: url });
    for (const { text, box = '', requestId = '' } of [made, `plain ${url}`].map(readLine))
      expect(text + box + requestId).not.toMatch(/\p{Cc}/u);
  });
});
