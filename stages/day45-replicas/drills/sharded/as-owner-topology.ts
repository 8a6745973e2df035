import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/sharded/topology.ts';

const app = stage.boxes.app as Box;
const urls = app.env?.SHARD_URLS ?? '';

/** The sharded stage with apps that log in as the owner, whom no shard checks: an old map is then believed. */
export const topology = defineTopology({
  ...stage,
  variant: 'as-owner',
  boxes: {
    ...stage.boxes,
    app: {
      ...app,
      env: { ...app.env, SHARD_URLS: urls.replaceAll('day90_app:${secret:db-app}', 'day90_owner:${secret:db-owner}') },
    },
  },
});
