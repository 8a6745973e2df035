import { defineTopology } from '@day90/infra';
import { data } from 'stage-3/boxes';
import { databaseOptions, databases } from '../src/boxes.ts';

/** The databases of the stage, and nothing else. */
export const topology = defineTopology({
  stage: 'stage-4',
  variant: 'databases',
  data,
  door: 'db',
  options: databaseOptions,
  boxes: { db: databases(14904, { cpu: 0.2 }) },
});
