import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request that came to the origin; `at` in milliseconds since 1970, when it was begun. */
export interface OriginRequest {
  url: string;
  at: number;
}

/** What of the access log, as `log_format` in stage 3's nginx.conf has it, is looked at. */
interface Line {
  time: number;
  seconds: number;
  method: string;
  url: string;
}

/** The reads in the origin's access log, without that of the launcher, which waits for it. Looks at its pulse are not in it. */
export function originRequests(logs: string): OriginRequest[] {
  return readFileSync(join(logs, 'nginx.log'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"time"'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ method, url }) => method === 'GET' && url !== '/openapi.json')
    .map(({ url, time, seconds }) => ({ url, at: 1000 * (time - seconds) }));
}
