import { readFileSync } from 'node:fs';
import type { Rig } from '@day90/bench/drill';

/** A request as nginx saw it, its times on the clock of the records. */
export interface Logged {
  from: number;
  to: number;
  method: string;
  url: string;
  status: number;
  /** The ports of the boxes that were asked, in their order. */
  asked: number[];
}

/** A line of the log, as `log_format` in nginx.conf has it. Times in seconds. */
interface Line extends Pick<Logged, 'method' | 'url' | 'status'> {
  /** Of the answer's end, since 1970. */
  time: number;
  seconds: number;
  /** `127.0.0.1:13011, 127.0.0.1:13012` */
  upstream: string;
}

/** What nginx has written so far, which is a second late. */
export function nginxLog(rig: Rig): Logged[] {
  const zero = Date.now() - rig.now();
  return readFileSync(`${rig.logs}/nginx.log`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const { time, seconds, method, url, status, upstream } = JSON.parse(line) as Line;
      const to = time * 1000 - zero;
      const asked = upstream.split(', ').map((address) => Number(address.split(':')[1]));
      return { from: to - seconds * 1000, to, method, url, status, asked };
    });
}
