import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/unprotected/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

describeHttpContract('stage-2 unprotected', () => launchedStage(topology, FOLDER, 'unprotected-contract'));
