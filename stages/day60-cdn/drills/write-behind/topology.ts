import { defineTopology } from '@day90/infra';
import { app } from '../../src/boxes.ts';
import { topology as stage } from '../../src/topology.ts';

export const topology = defineTopology({
  ...stage,
  variant: 'write-behind',
  boxes: {
    ...stage.boxes,
    app: { ...app(15011, { count: 3, cpu: 0.2 }), run: ['node', 'drills/write-behind/main.ts'] },
  },
});
