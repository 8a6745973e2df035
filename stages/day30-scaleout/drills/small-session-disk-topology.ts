import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';
import { onSmallDisk } from './small-disk.ts';

/** The stage with a store of sessions whose disk can be filled. */
export const topology = defineTopology({
  ...stage,
  variant: 'small-session-disk',
  boxes: { ...stage.boxes, sessions: onSmallDisk(stage.boxes.sessions as Box) },
});
