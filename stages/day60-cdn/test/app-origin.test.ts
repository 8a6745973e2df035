import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { topology } from '../src/topology.ts';

describeHttpContract(
  'stage-5, at its origin,',
  async () => {
    const { instance, ...rig } = await launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'origin');
    return { ...rig, url: `http://127.0.0.1:${instance.box('nginx').port}` };
  },
  { pictures: true },
);
