import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../../src/sharded/topology.ts';

const app = stage.boxes.app as Box;
const asOwner = (app.env?.SHARD_URLS ?? '').replaceAll('day90_app:${secret:db-app}', 'day90_owner:${secret:db-owner}');

/** The sharded stage with apps that believe their map, and log in as the owner, whom no shard refuses anything. */
export const topology = defineTopology({
  ...stage,
  variant: 'believes-its-map',
  boxes: {
    ...stage.boxes,
    app: { ...app, run: ['node', 'drills/sharded/believes-its-map/main.ts'], env: { ...app.env, SHARD_URLS: asOwner } },
  },
});
