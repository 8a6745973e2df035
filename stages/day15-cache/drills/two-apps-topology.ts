import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';
import { withAdmin } from './as-admin.ts';

const app = stage.boxes.app as Box;

/** The stage with a second app on the same data and the same cache, which takes orders from a drill. */
export const topology = withAdmin(
  defineTopology({
    ...stage,
    variant: 'two-apps',
    boxes: {
      ...stage.boxes,
      other: { ...app, env: { ...app.env, PORT: '${port:other}' }, port: 12_003, after: ['app'] },
    },
  }),
);
