import { type Box, defineTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';
import { topology as unprotectedStage } from '../../src/unprotected/topology.ts';

/** Two app processes on one SQLite file and one Redis. */
export const topology = twoApps(stage, 'two-apps');
export const unprotected = twoApps(unprotectedStage, 'two-unprotected-apps');

function twoApps(one: Topology, variant: string): Topology {
  const { app, ...others } = one.boxes as Record<string, Box> & { app: Box };
  const port = app.port as number;
  const boxOf = (name: string, place: number): Box => ({
    ...app,
    env: { ...app.env, PORT: `\${port:${name}}` },
    port: port + 20 + place,
  });
  return defineTopology({
    ...one,
    variant,
    boxes: { ...others, app: boxOf('app', 0), other: boxOf('other', 1) },
    // Its placeholders are filled in: the claim's own way to the cache, password included.
    hello: [app.env?.CACHE_URL as string],
  });
}
