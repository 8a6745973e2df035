import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

const worker = { ...(stage.boxes.worker as Box), run: ['node', 'drills/forgetful-worker/worker.ts'] };

export const topology = defineTopology({ ...stage, variant: 'forgetful-worker', boxes: { ...stage.boxes, worker } });
