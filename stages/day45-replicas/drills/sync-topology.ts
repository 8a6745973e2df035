import { defineTopology } from '@day90/infra';
import { databaseOptions } from '../src/boxes.ts';
import { topology as stage } from '../src/topology.ts';

/** The stage with commits that wait for a replica, without having to be told at the start. */
export const topology = defineTopology({
  ...stage,
  variant: 'sync',
  options: { ...stage.options, sync: { ...databaseOptions.sync, default: 'any-1' } },
});
