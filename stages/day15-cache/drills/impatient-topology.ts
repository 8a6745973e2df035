import { impatient } from '@day90/bench/drill';
import { defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/** An app that ends where its cache is not there when it starts. */
export const topology = defineTopology(impatient(stage, 'cache'));
