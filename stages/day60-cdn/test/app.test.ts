import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/topology.ts';

describeHttpContract(
  "stage-5, through Seoul's edge,",
  () => launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'contract'),
  { pictures: true },
);
