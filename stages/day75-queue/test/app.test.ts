import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology as inlineEnqueue } from '../src/inline-enqueue/topology.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

describeHttpContract('stage-6', () => launchedStage(topology, FOLDER, 'contract'), { pictures: true });

// What its jobs lose they lose to a death at the wrong moment: to its visitors it is the same app. One box of each will do.
describeHttpContract(
  'stage-6 with jobs enqueued after the insert',
  () => launchedStage(inlineEnqueue, FOLDER, 'inline-contract', { replicas: { app: 1, db: 1 } }),
  { pictures: true },
);
