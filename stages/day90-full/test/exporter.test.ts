import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@day90/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { exporter, targetList } from 'stage-7/exporter';
import { expositionText } from '../src/exporter/exposition.ts';
import { readMetrics } from './metric-text.ts';

const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** What an exporter of this target tells. */
async function toldOf(name: string, url: string): Promise<[string, number][]> {
  const { listener, close } = exporter(new Map([[name, new URL(url)]]), logger);
  const port = await listen(listener);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics/${name}`);
    expect(answer.status).toBe(200);
    return readMetrics(await answer.text()).map((one) => [one.name, one.value]);
  } finally {
    await close();
  }
}

describe('an exporter', () => {
  it.each([
    ['postgres://day90_monitor:unused@127.0.0.1:9/day90', 'pg_up'],
    ['redis://monitor:unused@127.0.0.1:9', 'redis_up'],
    ['http://127.0.0.1:9/stub_status', 'nginx_up'],
    ['varnish:/nowhere', 'varnish_up'],
  ])('tells of %s, where nobody is, %s 0 and nothing else', async (url, up) => {
    expect(await toldOf('target', url)).toEqual([[up, 0]]);
  });

  it('reads what nginx tells of itself', async () => {
    const page =
      'Active connections: 3 \nserver accepts handled requests\n 11 10 42 \nReading: 0 Writing: 1 Waiting: 2 \n';
    const port = await listen((_req, res) => void res.end(page));
    expect(Object.fromEntries(await toldOf('nginx', `http://127.0.0.1:${port}/`))).toEqual({
      ...{ nginx_up: 1, nginx_http_requests_total: 42 },
      ...{ nginx_connections_active: 3, nginx_connections_accepted: 11, nginx_connections_handled: 10 },
      ...{ nginx_connections_reading: 0, nginx_connections_writing: 1, nginx_connections_waiting: 2 },
    });
  });

  it('takes another page for no answer', async () => {
    const port = await listen((_req, res) => void res.end('welcome'));
    expect(await toldOf('nginx', `http://127.0.0.1:${port}/`)).toEqual([['nginx_up', 0]]);
  });

  it('is told in vain of a server of an unknown kind, and keeps its password to itself', () => {
    const { error } = targetList.safeParse('db-1=postgres://u@127.0.0.1/d,mail=smtp://user:any@127.0.0.1');
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'target mail: name=url, and a url of postgres: redis: http: varnish:',
    ]);
  });
});

describe('the text for Prometheus', () => {
  it('escapes what a label must not hold as it is', () => {
    const samples = [{ labels: { a: 'say "hi"\\\n' }, value: 1 }];
    const text = expositionText([{ name: 'x', help: 'X.', type: 'gauge', samples }]);
    expect(text).toBe('# HELP x X.\n# TYPE x gauge\nx{a="say \\"hi\\"\\\\\\n"} 1\n');
  });
});
