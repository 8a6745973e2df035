import { defineTopology, mailBox } from '@day90/infra';
import { data } from 'stage-3/boxes';
import { databaseOptions, databases } from '../src/boxes.ts';

/** The databases of the stage, and nothing else. */
export const topology = defineTopology({
  stage: 'stage-4',
  variant: 'databases',
  data,
  door: 'mail', // a topology has one, and replicas can be none
  options: databaseOptions,
  boxes: { mail: mailBox(14901), db: databases(14904, { cpu: 0.2 }) },
});
