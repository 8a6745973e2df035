import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from './small-session-disk-topology.ts';

const sessions = stage.boxes.sessions as Box;

/** The same, with a store that syncs each write. */
export const topology = defineTopology({
  ...stage,
  variant: 'small-session-disk-always',
  boxes: { ...stage.boxes, sessions: { ...sessions, run: [...sessions.run, '--appendfsync', 'always'] } },
});
