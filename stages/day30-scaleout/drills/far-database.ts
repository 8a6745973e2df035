import { type Box, defineTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/**
 * The stage with a database 50 ms away. A write is under way for a third of a second then, and costs no more CPU: whenever a
 * process is ended, it has some in hand.
 * @param boxes - Those that differ from the stage's.
 */
export function farDatabase(variant: string, boxes: Record<string, Box> = {}): Topology {
  const { db } = stage.links as NonNullable<Topology['links']>;
  return defineTopology({
    ...stage,
    variant,
    boxes: { ...stage.boxes, ...boxes },
    links: { db: { ...(db as NonNullable<typeof db>), rttMs: 50 } },
  });
}
