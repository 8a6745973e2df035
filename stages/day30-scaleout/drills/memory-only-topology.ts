import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

const sessions = stage.boxes.sessions as Box;

/** The stage with sessions that live in the memory of Redis alone. */
export const topology = defineTopology({
  ...stage,
  variant: 'memory-only',
  boxes: { ...stage.boxes, sessions: { ...sessions, run: [...sessions.run, '--appendonly', 'no'] } },
});
