import { type Box, defineTopology } from '@day90/infra';
import { topology as inline } from '../src/inline-enqueue/topology.ts';
import { topology as stage } from '../src/topology.ts';

/** Jobs enqueued after the insert; with a relay, which finds nothing, so that a drill's settings fit. */
export const topology = defineTopology({
  ...inline,
  variant: 'inline-drilled',
  boxes: { ...inline.boxes, relay: stage.boxes.relay as Box },
});
