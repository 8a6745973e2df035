import { defineTopology } from '@day90/infra';
import { app } from '../../src/boxes.ts';
import { topology as stage } from '../../src/topology.ts';

export const topology = defineTopology({
  ...stage,
  variant: 'replicas-only',
  boxes: {
    ...stage.boxes,
    app: { ...app(14011, { count: 3, cpu: 0.2 }), run: ['node', 'claims/replicas-only/main.ts'] },
  },
});
