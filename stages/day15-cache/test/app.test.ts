import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/topology.ts';
import { topology as unprotected } from '../src/unprotected/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

describeHttpContract('stage-2', () => launchedStage(topology, FOLDER, 'contract'));
describeHttpContract('stage-2 unprotected', () => launchedStage(unprotected, FOLDER, 'unprotected-contract'));
