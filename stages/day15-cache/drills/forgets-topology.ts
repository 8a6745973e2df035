import { type Box, defineTopology } from '@day90/infra';
import { topology as twoApps } from './two-apps-topology.ts';

const run = ['node', 'drills/forgets-invalidations/main.ts'];
const boxes = Object.entries(twoApps.boxes).map(([name, box]): [string, Box] => [
  name,
  box.role === 'app' ? { ...box, run } : box,
]);

/** Both apps by the root that forgets. */
export const topology = defineTopology({ ...twoApps, variant: 'forgets', boxes: Object.fromEntries(boxes) });
