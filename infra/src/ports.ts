import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { BadInput } from './bad-input.ts';
import { portMap } from './box-names.ts';
import type { PortMap } from './placeholders.ts';
import { portHolder } from './port-holder.ts';
import type { Topology } from './topology.ts';

/**
 * Free ports are drawn from here: above the stages' own, below the range from which Linux takes the local port of
 * outgoing connections (32768 on), so that no connection of a load test sits on a port between choice and use.
 */
const FREE_FROM = 20_000;
const FREE_TO = 32_767;
const PARTS = 64;
/** Ports of a part. */
const PART = Math.floor((FREE_TO + 1 - FREE_FROM) / PARTS);
let drawn = randomInt(PART);
const LARGEST_PORT = 65_535;
/** Suggested to who finds a port taken: the first of these from which all ports are free. */
const SUGGESTED_BASES = [4000, 4100, 4200, 5100, 6100, 7100];

/**
 * Chooses the ports of a topology, for as many replicas as there can be.
 * @param ports - `default`, `free`, or a base: the door's first port gets it, all others follow in the topology's order.
 * @param used - The boxes that start now: ports kept for others may be taken.
 * @throws {BadInput} Naming all taken ports at once, who holds each, and the flag that helps.
 */
export async function choosePorts(
  topology: Topology,
  ports: 'default' | 'free' | number,
  used: string[],
): Promise<PortMap> {
  if (ports === 'free') {
    const map = portMap(topology);
    return renumber(map, doorFirst(map, topology.door), await freePorts(portCount(map)));
  }
  const map = ports === 'default' ? portMap(topology) : fromBase(topology, ports);
  const taken = await takenPorts(Object.fromEntries(used.map((box) => [box, map[box] ?? {}])));
  if (taken.length === 0) return map;
  const base = await suggestedBase(topology);
  const way = base === undefined ? '--port-base <n>' : `--port-base ${base}`;
  throw new BadInput(
    `${taken.map(describeTaken).join('; ')}: stop what holds ${taken.length > 1 ? 'them' : 'it'}, or take other ports with ${way}`,
    { code: 'D90-PORT-TAKEN' },
  );
}

/** Ports of a topology that somebody listens on now. */
export async function takenPorts(map: PortMap): Promise<{ box: string; port: number }[]> {
  const all = Object.entries(map).flatMap(([box, ports]) => Object.values(ports).map((port) => ({ box, port })));
  const free = await Promise.all(all.map(({ port }) => isFree(port)));
  return all.filter((_, i) => !free[i]);
}

/** In words: port, box, pid and command of the holder. */
export function describeTaken({ box, port }: { box: string; port: number }): string {
  const holder = portHolder(port);
  return `port ${port} (box ${box}) is taken by ${holder ? `pid ${holder.pid}, ${shorten(holder.command)}` : 'a process of another user'}`;
}

/**
 * Free ports, all different: mostly in a row, and others than this process was given shortly before.
 *
 * Processes that were started one after the other draw from different parts of the range: between choice and use a port is
 * anybody's, and the workers of one test run start servers all the time.
 */
export async function freePorts(count: number): Promise<number[]> {
  const first = FREE_FROM + (process.pid % PARTS) * PART;
  const found = new Set<number>();
  while (found.size < count) {
    const port = first + (drawn++ % PART);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function fromBase(topology: Topology, base: number): PortMap {
  const map = portMap(topology);
  const count = portCount(map);
  const largest = LARGEST_PORT - count + 1;
  if (!Number.isInteger(base) || base < 1024 || base > largest) {
    throw new BadInput(`port base ${base}: a whole number from 1024 to ${largest}, such as --port-base 4000`);
  }
  return renumber(
    map,
    doorFirst(map, topology.door),
    Array.from({ length: count }, (_, i) => base + i),
  );
}

function renumber(map: PortMap, order: string[], numbers: number[]): PortMap {
  const left = [...numbers];
  const entries = order.map((box) => [box, mapValues(map[box] ?? {}, () => left.shift() ?? 0)] as const);
  return Object.fromEntries(entries);
}

function mapValues(ports: Record<string, number>, next: () => number): Record<string, number> {
  return Object.fromEntries(Object.keys(ports).map((name) => [name, next()]));
}

function doorFirst(map: PortMap, door: string): string[] {
  return [door, ...Object.keys(map).filter((box) => box !== door)];
}

function portCount(map: PortMap): number {
  return Object.values(map).reduce((sum, ports) => sum + Object.keys(ports).length, 0);
}

async function suggestedBase(topology: Topology): Promise<number | undefined> {
  for (const base of SUGGESTED_BASES) {
    if ((await takenPorts(fromBase(topology, base))).length === 0) return base;
  }
  return undefined;
}

/** Asked both ways: macOS lets a port be bound on 127.0.0.1 while another process listens on it for all addresses. */
async function isFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

function shorten(command: string): string {
  return command.length > 80 ? `${command.slice(0, 79)}…` : command;
}
