import { type Box, defineTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** Apps that fail when they are told to, and a Prometheus whose hours are minutes. */
export const topology = sixtiethTopology('error-budget');

/** @param rules - Which rules: `usual` for the alert as it is usually written. */
export function sixtiethTopology(variant: string, rules: string[] = []): Topology {
  const app = { ...(stage.boxes.app as Box), run: ['node', 'drills/error-budget/main.ts'] };
  const watch = stage.boxes.prometheus as Box;
  const prometheus = {
    ...watch,
    prepare: { run: ['node', 'drills/error-budget/prepare.ts', '${data}', ...rules] },
    env: { ...watch.env, RULES: '${data}/sixtieth/*.rules.yml' },
  };
  return defineTopology({ ...stage, variant, boxes: { ...stage.boxes, app, prometheus } });
}
