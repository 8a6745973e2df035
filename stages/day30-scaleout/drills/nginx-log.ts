import { readFileSync } from 'node:fs';
import type { Rig } from '@day90/bench/drill';

/** A request as nginx saw it, its times on the clock of the records. */
export interface Logged {
  from: number;
  to: number;
  /** The boxes that were asked, in their order. */
  tries: { port: number; connected: boolean; status: number }[];
}

/** What is used here of a line of the log, as `log_format` in nginx.conf has it. Several tries are parted by commas. */
interface Line {
  /** When it was answered, in seconds since 1970. */
  time: number;
  seconds: number;
  upstream: string;
  upstreamStatus: string;
  /** `-` for a box that took no connection. */
  upstreamConnectSeconds: string;
}

/** What nginx has written so far, which is a second late. */
export function nginxLog(rig: Rig): Logged[] {
  const zero = Date.now() - rig.now();
  const lines = readFileSync(`${rig.logs}/nginx.log`, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => toLogged(JSON.parse(line) as Line, zero));
}

function toLogged({ time, seconds, upstream, upstreamStatus, upstreamConnectSeconds }: Line, zero: number): Logged {
  const [statuses, connects] = [upstreamStatus.split(', '), upstreamConnectSeconds.split(', ')];
  const to = time * 1000 - zero;
  const tries = upstream.split(', ').map((address, i) => ({
    port: Number(address.split(':')[1]),
    connected: connects[i] !== '-',
    status: Number(statuses[i]),
  }));
  return { from: to - seconds * 1000, to, tries };
}
