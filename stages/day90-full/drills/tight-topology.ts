import { defineTopology } from '@day90/infra';
import { topology as whole } from '../src/topology.ts';
import { tightly } from './tight.ts';

/** The stage with app boxes so small that all of them together are soon full. */
export const topology = defineTopology(tightly(whole));
