import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/inline-enqueue/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const ONE_EACH = { replicas: { app: 1, db: 1 } };

// What its jobs lose they lose to a death at the wrong moment: to its visitors it is the same app. One box of each will do.
describeHttpContract(
  'stage-6 with jobs enqueued after the insert',
  () => launchedStage(topology, FOLDER, 'inline-contract', ONE_EACH),
  { pictures: true },
);
