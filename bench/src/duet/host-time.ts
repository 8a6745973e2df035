import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Time of all cores together since the machine started; ticks of any length. */
export interface HostTime {
  idle: number;
  all: number;
}

/** Begins to watch the machine. @returns A function that gives the share of all cores' time since then that nobody used. */
export function watchHost(): () => number {
  const from = hostTime();
  return () => {
    const to = hostTime();
    return (to.idle - from.idle) / (to.all - from.all);
  };
}

/** The machine's time so far. From /proc/stat, where there is one: Node's own view leaves out the time stolen by other virtual machines. */
export function hostTime(): HostTime {
  return process.platform === 'linux' ? procStat(readFileSync('/proc/stat', 'utf8')) : fromNode();
}

/**
 * The machine's time as /proc/stat has it. Waiting for a disk is idle; a guest's time is in `user` already.
 * @see https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
 */
export function procStat(text: string): HostTime {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, steal = 0] = fields;
  return { idle: idle + waiting, all: user + nice + system + idle + waiting + irq + softirq + steal };
}

function fromNode(): HostTime {
  const times = cpus().map((core) => core.times);
  const all = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.idle + time.irq, 0);
  return { idle: times.reduce((sum, time) => sum + time.idle, 0), all };
}
