import { fileURLToPath } from 'node:url';
import { describeHttpContract } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { topology } from '../src/topology.ts';

let launched: Promise<LaunchedStage> | undefined;
const stage = () => {
  launched ??= launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'contract');
  return launched;
};

describeHttpContract("stage-5, through Seoul's edge,", async () => ({ ...(await stage()), stop: async () => {} }), {
  pictures: true,
});

describeHttpContract(
  'stage-5, at its origin,',
  async () => {
    const { instance, ...rig } = await stage();
    return { ...rig, url: `http://127.0.0.1:${instance.box('nginx').port}` };
  },
  { pictures: true },
);
