import { impatient } from '@day90/bench/drill';
import { defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/** An app that ends where nobody takes its mails when it starts. */
export const topology = defineTopology(impatient(stage, 'mail'));
