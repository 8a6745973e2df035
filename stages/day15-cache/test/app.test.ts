import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

describeHttpContract('stage-2', () => launchedStage(topology, FOLDER, 'contract'));
