import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

const { mail, app } = stage.boxes as { mail: Box; app: Box };

/** The stage's own processes, the app built by the root beside this file. */
export const topology = defineTopology({
  ...stage,
  variant: 'n-plus-one',
  boxes: {
    mail: { ...mail, port: 11_201 },
    app: { ...app, run: ['node', 'claims/n-plus-one/main.ts'], port: 3021 },
  },
});
