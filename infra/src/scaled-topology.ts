import { BadInput } from './bad-input.ts';
import { checkCount } from './scale-bounds.ts';
import type { ScalingBounds } from './scaling-policy.ts';
import type { Box, Scaling, Topology } from './topology-schema.ts';

/** The bounds that a number of boxes is to keep; `true`: those of the topology, as far as it keeps ports for them. */
export type Autoscale = ScalingBounds | true;

/** What is scaled in a run, and how. */
export interface ScaledBox {
  of: string;
  scaling: Scaling;
  bounds: ScalingBounds;
}

/**
 * A topology whose boxes follow their load: it begins with the fewest, each with the budget they have while scaled.
 * @throws {BadInput} Where no box says what it is scaled by, or so few or so many can't be had.
 */
export function scaledTopology(topology: Topology, wanted: Autoscale): { topology: Topology; scaled: ScaledBox } {
  const { of, box, replicas, scaling } = scaledBox(topology);
  const { least, most } = scaling.bounds;
  const bounds = wanted === true ? { least, most: Math.min(most, replicas.most) } : wanted;
  if (bounds.least > bounds.most)
    throw new BadInput(
      `--autoscale ${bounds.least}..${bounds.most}: the fewest come first, such as ${bounds.most}..${bounds.least}`,
    );
  for (const count of [bounds.least, bounds.most]) checkCount(of, box, count);
  const begun: Box = { ...box, cpu: scaling.budget, replicas: { ...replicas, count: bounds.least } };
  return { topology: { ...topology, boxes: { ...topology.boxes, [of]: begun } }, scaled: { of, scaling, bounds } };
}

function scaledBox({ stage, boxes }: Topology) {
  for (const [of, box] of Object.entries(boxes)) {
    const { replicas } = box;
    if (replicas?.scaling) return { of, box, replicas, scaling: replicas.scaling };
  }
  throw new BadInput(`--autoscale: no box of ${stage} has replicas whose number could follow its load`);
}
