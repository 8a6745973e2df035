import { fileURLToPath } from 'node:url';
import type { Topology } from '@day90/infra';
import { describeHttpContract } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';

/** Holds a topology of this stage to the HTTP contract. */
export function describeContract(name: string, topology: Topology): void {
  describeHttpContract(name, () => launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'contract'));
}
