import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One row of the process table. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  /** Process group. */
  pgid: number;
  /** When it started, in the system's own terms: with the pid it names a process for good, since pids come round again. */
  started: string;
}

const linux = process.platform === 'linux';

/** All processes of the machine that are not zombies. */
export function allProcesses(): ProcessRow[] {
  if (!linux) return psRows(['-ax']);
  return findProcesses(
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number),
  );
}

/** Those of these pids that are there and no zombies. */
function findProcesses(pids: number[]): ProcessRow[] {
  return linux ? pids.flatMap((pid) => procRow(pid) ?? []) : psRows(['-p', pids.join(',')]);
}

/** One process, or undefined when it is gone or a zombie. */
export function findProcess(pid: number): ProcessRow | undefined {
  return findProcesses([pid])[0];
}

/** The first of these very processes (not a later one of the same pid) that no longer runs. */
export function firstGone<P extends { pid: number; started: string }>(processes: P[]): P | undefined {
  const rows = findProcesses(processes.map(({ pid }) => pid));
  return processes.find((one) => !rows.some((row) => row.pid === one.pid && row.started === one.started));
}

/** What `look` finds, or undefined when the process table could not be read: for looks that are taken again and again. */
export function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** The command line of a process, or `unknown` where the system does not say. */
export function commandOf(pid: number): string {
  try {
    if (!linux) return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** The parents of a process from the nearest up, without init. */
export function ancestorsOf(pid: number): ProcessRow[] {
  const chain: ProcessRow[] = [];
  for (let row = findProcess(pid); row && row.ppid > 1; ) {
    row = findProcess(row.ppid);
    if (row) chain.push(row);
  }
  return chain;
}

/** Those of `rows` that came from one of `roots`: by parentage, or by the process group they were started in. */
export function descendantsOf(roots: ReadonlySet<number>, rows: ProcessRow[]): ProcessRow[] {
  const family = new Set(roots);
  for (let before = -1; before !== family.size; ) {
    before = family.size;
    for (const row of rows) {
      if (family.has(row.ppid) || roots.has(row.pgid)) family.add(row.pid);
    }
  }
  return rows.filter((row) => family.has(row.pid));
}

/** The pids of a process and of all that came from it; none without a process. */
export function familyOf(pid: number | null, rows: ProcessRow[]): number[] {
  return pid === null ? [] : descendantsOf(new Set([pid]), rows).map((row) => row.pid);
}

/** Pids whose environment holds `marker` (`NAME=value`): it is inherited, so it also finds those whose parents are gone. */
export function markedProcesses(marker: string, rows: ProcessRow[]): number[] {
  if (linux) {
    return rows.map((row) => row.pid).filter((pid) => readOr(`/proc/${pid}/environ`).split('\0').includes(marker));
  }
  const table = psText(['-axEww', '-o', 'pid=', '-o', 'command=']);
  return table
    .split('\n')
    .filter((line) => ` ${line} `.includes(` ${marker} `))
    .map((line) => Number.parseInt(line, 10));
}

/** Fields 3, 4, 5 and 22 of /proc/<pid>/stat; the second may itself hold spaces and brackets. See proc_pid_stat(5). */
function procRow(pid: number): ProcessRow | undefined {
  const [state, ppid, pgid, ...rest] = readOr(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  if (!state || state === 'Z' || state === 'X') return undefined;
  return { pid, ppid: Number(ppid), pgid: Number(pgid), started: rest[16] ?? '' };
}

function psRows(selection: string[]): ProcessRow[] {
  const columns = ['pid=', 'ppid=', 'pgid=', 'stat=', 'lstart='].flatMap((column) => ['-o', column]);
  return psText([...selection, ...columns])
    .split('\n')
    .flatMap((line) => {
      const [pid, ppid, pgid, state, ...started] = line.trim().split(/\s+/);
      if (!state || state.startsWith('Z')) return [];
      return { pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), started: started.join(' ') };
    });
}

/**
 * `ps` ends with 1 when nothing was selected.
 * @throws {Error} When it failed otherwise: that says nothing about who is alive.
 */
function psText(args: string[]): string {
  try {
    return execFileSync('ps', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
      // lstart is a local time in the reader's language: two readers of one process must see the same.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
  } catch (error) {
    if ((error as { status?: number | null }).status === 1) return '';
    throw new Error('ps, which lists the processes, failed', { cause: error });
  }
}

/** A process may end between being listed and being read. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
