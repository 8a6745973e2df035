import { type Box, defineTopology, type Topology } from '@day90/infra';

/**
 * What each box has in a sweep, by role, as a share of a core: half of what the stages are shipped with, so that the largest of
 * them, with all that runs free beside it and the generator, leaves something of two cores. What is not named runs free.
 */
export const SHARES: Record<string, number> = { app: 0.1, postgres: 0.1, worker: 0.1, relay: 0.05 };

/** From Seoul to Los Angeles and back, in milliseconds, as the guide has it (C18). */
const FAR_RTT_MS = 200;
const FAR = 'far';

/** A stage as it is swept, and the link that visitors from far away take. */
export interface SweptTopology {
  topology: Topology;
  far: { from: string; to: string };
}

/**
 * A stage's topology with the sweep's budgets, and with a way in for visitors from Los Angeles: to the edge that is near them,
 * or, at a stage without edges, all the way to its door.
 */
export function sweptTopology(topology: Topology): SweptTopology {
  const boxes = Object.fromEntries(Object.entries(topology.boxes).map(([name, box]) => [name, withShare(box)]));
  const { places = [], links = {}, hello = [] } = topology;
  const edge = Object.values(links).find(({ from, to }) => from === 'la' && boxes[to]?.role === 'edge');
  if (edge) return { topology: defineTopology({ ...topology, boxes }), far: { from: edge.from, to: edge.to } };
  const far = { from: FAR, to: topology.door };
  return {
    topology: defineTopology({
      ...topology,
      boxes,
      places: [...places, FAR],
      links: { ...links, [FAR]: { ...far, port: freePort(topology), rttMs: FAR_RTT_MS } },
      // A link that nobody takes is refused.
      hello: [...hello, `From far away: http://127.0.0.1:\${link:${FAR}}`],
    }),
    far,
  };
}

function withShare({ cpu: _, ...box }: Box): Box {
  const cpu = SHARES[box.role];
  return cpu === undefined ? box : { ...box, cpu };
}

/** One that no box is near. A sweep takes free ones anyway; a topology must have no two alike. */
function freePort({ boxes, links = {} }: Topology): number {
  const ports = Object.values(boxes).flatMap(({ port }) =>
    typeof port === 'object' ? Object.values(port) : (port ?? []),
  );
  return Math.max(...ports, ...Object.values(links).map(({ port }) => port)) + 100;
}
