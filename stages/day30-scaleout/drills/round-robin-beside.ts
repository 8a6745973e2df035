import { type Box, defineTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';
import { editedNginx } from './edited-nginx.ts';

/** Name of the box. */
export const ROUND_ROBIN = 'round-robin';

/**
 * The stage, and beside its door a second nginx in front of the same apps, which asks them by turns.
 * @param boxes - Those that differ from the stage's.
 */
export function roundRobinBeside(variant: string, boxes: Record<string, Box> = {}): Topology {
  const byTurns = editedNginx(3090, ['s/least_conn;//', 's/listen .*;/listen 127.0.0.1:${port:self};/']);
  return defineTopology({ ...stage, variant, boxes: { ...stage.boxes, ...boxes, [ROUND_ROBIN]: byTurns } });
}
