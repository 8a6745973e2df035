import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

const { mail, app } = stage.boxes as { mail: Box; app: Box };
const { CACHE_URL, ...env } = app.env ?? {};

/** The stage's own processes but the cache, the app built by the root beside this file. */
export const topology = defineTopology({
  ...stage,
  variant: 'index-on-views',
  boxes: {
    mail: { ...mail, port: 12_201 },
    app: { ...app, run: ['node', 'claims/index-on-views/main.ts'], env, port: 3022, after: ['mail'] },
  },
});
