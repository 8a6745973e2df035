import { impatient } from '@day90/bench/drill';
import { defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/** App boxes that end where the first database is not there when they start. */
export const topology = defineTopology(impatient(stage, 'db-1'));
