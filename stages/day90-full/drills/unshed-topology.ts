import { defineTopology } from '@day90/infra';
import { app } from 'stage-6/boxes';
import { nginx } from '../src/boxes.ts';
import { TIGHT_CPU } from './tight.ts';
import { topology as tight } from './tight-topology.ts';
import { unlimitedNginx } from './unlimited-nginx.ts';

const { limiter: _nobodyToSteer, ...boxes } = tight.boxes;
const { 'in-flight': _inFlight, 'public-reads': _publicReads, ...options } = tight.options ?? {};

/** Nobody refuses anything: the app boxes are those of stage 6, and nginx has no limits. */
export const topology = defineTopology({
  ...tight,
  options,
  boxes: {
    ...boxes,
    app: { ...app(17011, { count: 3, cpu: TIGHT_CPU }), run: ['node', '../day75-queue/src/main.ts'] },
    nginx: unlimitedNginx(nginx(17020)),
  },
});
