import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

const postgres = stage.boxes.postgres as Box;

/** The stage with commits that are answered before they are on the disk: what every second guide recommends. */
export const topology = defineTopology({
  ...stage,
  variant: 'async-commit',
  boxes: { ...stage.boxes, postgres: { ...postgres, run: [...postgres.run, '-c', 'synchronous_commit=off'] } },
});
