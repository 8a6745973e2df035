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

/** The box that all links with a round-trip time lead through. */
export const LINKS = 'links';

/** Default ports by the name of the box as it runs, replicas up to the most there can be, links whether they delay or not. */
export function portMap(topology: Topology): Record<string, Record<string, number>> {
  const boxes = Object.entries(topology.boxes).flatMap(([name, box]) => {
    const { port } = box;
    if (port === undefined) return [];
    const named = Object.entries(typeof port === 'number' ? { main: port } : port);
    const names = runningNames(name, box, box.replicas?.most);
    return names.map((one, i) => [one, Object.fromEntries(named.map(([own, first]) => [own, first + i]))] as const);
  });
  const links = Object.entries(topology.links ?? {}).map(([name, { port }]) => [name, port] as const);
  return { ...Object.fromEntries(boxes), ...(links.length > 0 && { [LINKS]: Object.fromEntries(links) }) };
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
    const isLinked = delayed.some(([, { from }]) => from === of);
    const box = isLinked ? { ...declared, after: [...(declared.after ?? []), LINKS] } : declared;
    return runningNames(of, box, counts[of]).map((name) => ({ name, of, box }));
  });
  if (delayed.length === 0) return boxes;
  // It waits for none of the boxes that it leads to: some of them start after it.
  const ends = delayed.map(([name, { to }]) => `\${port:${LINKS}.${name}}:\${port:${to}}:${rtts[name]}`);
  const box: Box = {
    role: 'link',
    run: ['node', DELAY_PROXY],
    env: { LINKS: ends.join(',') },
    port: Object.fromEntries(delayed.map(([name, { port }]) => [name, port])),
    ready: { tcp: true },
  };
  return [{ name: LINKS, of: LINKS, box }, ...boxes];
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
