import { fileURLToPath } from 'node:url';
import { BadInput } from './bad-input.ts';
import type { Box, Replicas, Topology } from './topology-schema.ts';

const DELAY_PROXY = fileURLToPath(new URL('./delay-proxy.ts', import.meta.url));

/** A box as it runs. */
export interface NamedBox {
  /** `app-2` */
  name: string;
  /** The topology's name for it: `app`. */
  of: string;
  box: Box;
}

/** Names of the first `count` boxes that a topology's box stands for: itself, or its replicas. */
export function runningNames(name: string, box: Box, count = box.replicas?.count): string[] {
  if (!box.replicas) return [name];
  return Array.from({ length: count ?? 0 }, (_, i) => `${name}-${i + 1}`);
}

/** The box behind a link with a round-trip time. */
export function linkBox(name: string): string {
  return `link-${name}`;
}

/** Default ports by the name of the box as it runs, replicas up to the most there can be, links whether they delay or not. */
export function portMap(topology: Topology): Record<string, Record<string, number>> {
  const boxes = Object.entries(topology.boxes).flatMap(([name, box]) => {
    const { port } = box;
    if (port === undefined) return [];
    const names = runningNames(name, box, box.replicas?.most);
    return names.map((one, i) => [one, typeof port === 'number' ? { main: port + i } : { ...port }] as const);
  });
  const links = Object.entries(topology.links ?? {}).map(
    ([name, { port }]) => [linkBox(name), { main: port }] as const,
  );
  return Object.fromEntries([...boxes, ...links]);
}

/**
 * The boxes of a run.
 * @param rtts - Round-trip times by link, in milliseconds.
 * @param counts - Replicas by box where the topology's own count does not hold.
 */
export function namedBoxes(
  topology: Topology,
  rtts: Record<string, number>,
  counts: Record<string, number> = {},
): NamedBox[] {
  const delayed = Object.entries(topology.links ?? {}).filter(([name]) => (rtts[name] ?? 0) > 0);
  const boxes = Object.entries(topology.boxes).flatMap(([of, declared]) => {
    const links = delayed.filter(([, { from }]) => from === of).map(([name]) => linkBox(name));
    const box = links.length > 0 ? { ...declared, after: [...(declared.after ?? []), ...links] } : declared;
    return runningNames(of, box, counts[of]).map((name) => ({ name, of, box }));
  });
  const proxies = delayed.map(([name, { to, port }]) => {
    const env = { PORT: '${port:self}', TARGET_PORT: `\${port:${to}}`, RTT_MS: String(rtts[name]) };
    const run = ['node', DELAY_PROXY];
    const box: Box = { role: 'link', run, env, port, ready: { tcp: true }, after: [to] };
    return { name: linkBox(name), of: linkBox(name), box };
  });
  return [...proxies, ...boxes];
}

/**
 * The box of a topology that has replicas: the one of this name, or the only one.
 * @throws {BadInput} Naming those there are.
 */
export function replicatedBox(topology: Topology, name?: string): { of: string; box: Box; replicas: Replicas } {
  const all = Object.entries(topology.boxes).flatMap(([of, box]) =>
    box.replicas ? { of, box, replicas: box.replicas } : [],
  );
  const found = name === undefined && all.length === 1 ? all[0] : all.find(({ of }) => of === name);
  if (found) return found;
  const known = all.length > 0 ? `boxes with replicas: ${all.map(({ of }) => of).join(', ')}` : 'no box has any';
  throw new BadInput(name === undefined ? `replicas of which box? ${known}` : `${name} has no replicas; ${known}`);
}
