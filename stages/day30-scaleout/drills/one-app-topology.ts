import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

const { app } = stage.boxes as { app: Box };

/** The stage with a single app box, which is quicker to start. */
export const topology = defineTopology({
  ...stage,
  variant: 'one-app',
  boxes: { ...stage.boxes, app: { ...app, replicas: { least: 1, most: 8, ...app.replicas, count: 1 } } },
});
