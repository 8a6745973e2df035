import { defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** The stage's own processes, the app built by the root beside this file. */
export const topology = defineTopology({
  ...stage,
  variant: 'n-plus-one',
  boxes: { ...stage.boxes, app: { ...stage.boxes.app, role: 'app', run: ['node', 'claims/n-plus-one/main.ts'] } },
});
