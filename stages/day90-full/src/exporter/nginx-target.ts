import { type Family, single } from './exposition.ts';
import type { Target } from './target.ts';

const LOOK_MS = 1500;
/**
 * ```text
 * Active connections: 291
 * server accepts handled requests
 *  16630948 16630948 31070465
 * Reading: 6 Writing: 179 Waiting: 106
 * ```
 */
const WORDS = ['Active connections: ', 'server accepts handled requests', 'Reading: ', ' Writing: ', ' Waiting: '];

/**
 * nginx, by its stub_status page, with the names of NGINX Prometheus Exporter.
 * @see https://nginx.org/en/docs/http/ngx_http_stub_status_module.html
 * @see https://github.com/nginx/nginx-prometheus-exporter#exported-metrics
 */
export function nginxTarget(url: URL): Target {
  return {
    up: 'nginx_up',
    async look() {
      const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_MS) });
      return families(await response.text());
    },
    close: async () => {},
  };
}

function families(page: string): Family[] {
  const numbers = WORDS.every((word) => page.includes(word)) ? (page.match(/\d+/g) ?? []).map(Number) : [];
  if (numbers.length !== 7) throw new Error('This is no stub_status page.');
  const [active, accepted, handled, requests, reading, writing, waiting] = numbers as [number, ...number[]];
  const count = (name: string, help: string, value = 0) => single(`nginx_${name}`, 'counter', help, value);
  const now = (name: string, help: string, value = 0) => single(`nginx_connections_${name}`, 'gauge', help, value);
  return [
    now('active', 'Connections that are open, idle ones, too.', active),
    count('connections_accepted', 'Connections that were accepted.', accepted),
    count('connections_handled', 'Connections that were not dropped at once for want of room.', handled),
    count('http_requests_total', 'Requests, health checks and purges among them.', requests),
    now('reading', 'Connections on which a head is being read.', reading),
    now('writing', 'Connections on which a request is being answered.', writing),
    now('waiting', 'Connections that are kept open and idle.', waiting),
  ];
}
