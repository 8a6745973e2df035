import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { BadInput } from '@day90/infra';

/** As in door.conf. */
const DOOR_WORKERS = 8;
/** The kernel shares connections among workers by chance; and each has some to the edge, and files of its own. */
const UNEVEN = 1.1;
const OWN_FILES = 1500;
const BYTES_A_VISITOR = 24_000;
const BYTES_OF_ALL_ELSE = 1_500_000_000;

/** What a machine allows. */
export interface MachineLimits {
  platform: NodeJS.Platform;
  /** Open files of one process, at most. */
  files: number;
  freeBytes: number;
}

/** What this machine allows. */
export function machineLimits(): MachineLimits {
  const { platform } = process;
  const files =
    platform === 'win32' ? 'unlimited' : execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return { platform, files: files === 'unlimited' ? Number.POSITIVE_INFINITY : Number(files), freeBytes: freeBytes() };
}

/**
 * Looks, before anything is started, whether so many visitors can be held at all.
 * @throws {BadInput} With the command that lifts the limit, or the number of visitors that is possible.
 */
export function checkLimits(visitors: number, { platform, files, freeBytes }: MachineLimits): void {
  if (platform !== 'linux')
    throw new BadInput(
      `the finale runs on Linux only (WSL, too): its visitors have addresses of their own, 127.0.0.2 on`,
    );
  const wanted = Math.ceil((visitors / DOOR_WORKERS) * UNEVEN + OWN_FILES);
  if (files < wanted)
    throw new BadInput(
      `${visitors} visitors take ${wanted} open files in a process, and ${files} are allowed here: as root \`ulimit -n ${wanted}\` before the command${orFewer(((files - OWN_FILES) * DOOR_WORKERS) / UNEVEN)}`,
    );
  const bytes = visitors * BYTES_A_VISITOR + BYTES_OF_ALL_ELSE;
  if (freeBytes < bytes)
    throw new BadInput(
      `${visitors} visitors and the stage take ${megabytes(bytes)} of memory, and ${megabytes(freeBytes)} are free: end other programs${orFewer((freeBytes - BYTES_OF_ALL_ELSE) / BYTES_A_VISITOR)}`,
    );
}

function orFewer(possible: number): string {
  return possible < 1 ? '' : `, or --visitors ${Math.floor(possible)}`;
}

/** The limits that stand beside a result, as a sentence. */
export function limitsInWords({ files }: MachineLimits): string {
  const [from = 0, to = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t').map(Number);
  return `The limits here: ${files} open files in a process, ${to - from + 1} ports of one address towards one door, ${availableParallelism()} cores.`;
}

/** Memory in use on the whole machine but for copies of files, in bytes: the kernel's own for each connection is in it. */
export function usedBytes(): number {
  const kilobytes = memoryInfo();
  const of = (name: string) => kilobytes.get(name) ?? 0;
  return 1024 * (of('MemTotal') - of('MemFree') - of('Buffers') - of('Cached'));
}

function freeBytes(): number {
  if (process.platform !== 'linux') return freemem();
  return 1024 * (memoryInfo().get('MemAvailable') ?? 0);
}

/** @see https://docs.kernel.org/filesystems/proc.html#meminfo */
function memoryInfo(): Map<string, number> {
  const lines = readFileSync('/proc/meminfo', 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(':');
      return [name, Number.parseInt(value, 10)] as const;
    }),
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
