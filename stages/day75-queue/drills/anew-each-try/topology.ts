import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

const worker = { ...(stage.boxes.worker as Box), run: ['node', 'drills/anew-each-try/worker.ts'] };

export const topology = defineTopology({ ...stage, variant: 'anew-each-try', boxes: { ...stage.boxes, worker } });
