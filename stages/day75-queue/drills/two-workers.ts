import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/** The stage with two workers, so that one is there when the other is not. */
export function twoWorkers(variant: string, change: Partial<Box> = {}) {
  const worker = { ...(stage.boxes.worker as Box), ...change };
  const replicas = { ...worker.replicas, count: 2, least: 1, most: 8 };
  return defineTopology({ ...stage, variant, boxes: { ...stage.boxes, worker: { ...worker, replicas } } });
}
