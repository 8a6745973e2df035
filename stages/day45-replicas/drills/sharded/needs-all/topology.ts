import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../../src/sharded/topology.ts';

/** The sharded stage's own processes, the apps built by the root beside this file. */
export const topology = defineTopology({
  ...stage,
  variant: 'needs-all',
  boxes: { ...stage.boxes, app: { ...(stage.boxes.app as Box), run: ['node', 'drills/sharded/needs-all/main.ts'] } },
});
