import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { BudgetUsage } from './budget.ts';
import { orUndefined } from './processes.ts';

/** A scheduler tick as /proc/<pid>/stat counts it: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MICROS = 10_000;

/**
 * CPU time (user and system, all threads) that a process has used so far, in microseconds.
 * On Linux summed from its threads' schedstat, which counts nanoseconds; a thread that ended is not in it, and Node's do not end.
 * @throws {Error} When there is no such process.
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
export function boxCpuMicros(pid: number): number {
  if (process.platform !== 'linux') return psTimeMicros(psField(pid, 'time'));
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const nanos = tasks.map((task) =>
      Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanos.reduce((sum, n) => sum + n, 0) / 1000;
  } catch {
    // A kernel built without scheduler statistics, or a thread that ended between the two reads.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
  }
}

/** What processes have used where the system keeps no books for them together; one that ends meanwhile counts nothing. */
export function usageOf(pids: number[]): BudgetUsage {
  const cpuMicros = pids.reduce((sum, pid) => sum + (orUndefined(() => boxCpuMicros(pid)) ?? 0), 0);
  return { cpuMicros, periods: 0, throttledPeriods: 0 };
}

/**
 * Resident memory of a process, in bytes.
 * @throws {Error} When there is no such process.
 */
export function boxRssBytes(pid: number): number {
  if (process.platform !== 'linux') return Number(psField(pid, 'rss')) * 1024;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/**
 * Memory that processes take together, in bytes; one that ends meanwhile takes none. On Linux a page that several of them share
 * counts once: a sum of resident sizes would count Postgres' shared memory for each of its thirty processes.
 * @see https://docs.kernel.org/filesystems/proc.html — Pss, in smaps_rollup
 */
export function memoryOf(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + (orUndefined(() => ownMemory(pid)) ?? 0), 0);
}

function ownMemory(pid: number): number {
  const path = `/proc/${pid}/smaps_rollup`;
  const text = process.platform === 'linux' ? orUndefined(() => readFileSync(path, 'utf8')) : undefined;
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(text ?? '')?.[1];
  return kilobytes === undefined ? boxRssBytes(pid) : Number(kilobytes) * 1024;
}

function psField(pid: number, field: string): string {
  // In some languages the hundredths stand behind a comma.
  const env = { ...process.env, LC_ALL: 'C' };
  return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8', env }).trim();
}

/** `ps` prints [[dd-]hh:]mm:ss[.hundredths]. */
function psTimeMicros(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000_000;
}
