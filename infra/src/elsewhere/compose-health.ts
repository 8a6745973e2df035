import { imageOf } from './images.ts';
import type { NetworkBox } from './network.ts';

/** How a service is asked whether it is up. */
export interface Healthcheck {
  test: string[];
  interval: string;
  timeout: string;
  retries: number;
  start_period: string;
}

/** What the launcher asks to know that it is ready, asked from within. */
export function healthOf({ box, argv, ports }: NetworkBox): Healthcheck | undefined {
  const port = Object.values(ports)[0];
  const test = box.ready && port !== undefined ? testOf(box.ready, argv[0] ?? '', port) : undefined;
  return test && { test, interval: '5s', timeout: '3s', retries: 3, start_period: '120s' };
}

function testOf(ready: NonNullable<NetworkBox['box']['ready']>, program: string, port: number): string[] {
  const node = (script: string) => ['CMD', 'node', '-e', script];
  if ('redis' in ready) return ['CMD-SHELL', `redis-cli -p ${port} ping | grep -Eq 'PONG|NOAUTH'`]; // not while it loads
  if ('http' in ready) {
    const url = `http://127.0.0.1:${port}${ready.http}`;
    if (isNode(program))
      return node(`fetch('${url}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`);
    return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
  }
  const connect = `require('node:net').connect(${port}, '127.0.0.1')`;
  return node(`${connect}.on('connect', () => process.exit(0)).on('error', () => process.exit(1))`);
}

/** Programs in images of ours, which have Node and no wget. */
function isNode(program: string): boolean {
  return 'target' in imageOf(program, '');
}
