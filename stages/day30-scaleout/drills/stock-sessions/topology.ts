import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** The stage's own processes, the apps built by the root beside this file. */
export const topology = defineTopology({
  ...stage,
  variant: 'stock-sessions',
  boxes: { ...stage.boxes, app: { ...(stage.boxes.app as Box), run: ['node', 'drills/stock-sessions/main.ts'] } },
});
