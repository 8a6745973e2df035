import { availableParallelism } from 'node:os';
import { BadInput } from './bad-input.ts';
import type { Box } from './topology.ts';

/** Share of the memory that is free which more boxes may take: the running ones grow, too. */
const MEMORY_SHARE = 0.8;

/**
 * Whether a box may have so many replicas at all.
 * @throws {BadInput} Naming the bounds and why they are there.
 */
export function checkCount(of: string, { replicas, port }: Box, count: number): void {
  if (!replicas) throw new BadInput(`box ${of} has no replicas: there is one of it`);
  const { least, most } = replicas;
  if (Number.isInteger(count) && count >= least && count <= most) return;
  const bounds = `${count} boxes of ${of}: ${least} to ${most} are possible`;
  if (count < least) throw new BadInput(`${bounds}, since fewer could not answer for it`);
  throw new BadInput(`${bounds}, for which its topology keeps ports (${port} to ${Number(port) + most - 1})`);
}

/**
 * Whether this machine has room for more replicas.
 * @param now - How many there are, and what one of them has in memory, in bytes.
 * @param cpu - The budget of each, as a share of one core.
 * @throws {BadInput} Naming what is short and how many there is room for.
 */
export function checkRoom(
  of: string,
  count: number,
  now: { count: number; rssBytes: number },
  cpu: number | undefined,
  machine = { cores: availableParallelism(), freeBytes: freeBytes() },
): void {
  if (count <= now.count) return;
  const byCores = cpu === undefined ? Number.POSITIVE_INFINITY : Math.floor(machine.cores / cpu);
  if (count > byCores)
    throw new BadInput(
      `${count} boxes of ${of}: room for ${byCores}, with ${cpu} of this machine's ${machine.cores} cores each`,
      { code: 'D90-NO-ROOM' },
    );
  const more = Math.floor((machine.freeBytes * MEMORY_SHARE) / now.rssBytes);
  if (count - now.count <= more) return;
  const [each, free] = [now.rssBytes, machine.freeBytes].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
  throw new BadInput(
    `${count} boxes of ${of}: room for ${now.count + more}, at ${each} each with ${free} of memory free`,
    { code: 'D90-NO-ROOM' },
  );
}

/** macOS counts as used what it would give back at once, so that next to nothing is free there: no bound. */
function freeBytes(): number {
  return process.platform === 'linux' ? process.availableMemory() : Number.POSITIVE_INFINITY;
}
