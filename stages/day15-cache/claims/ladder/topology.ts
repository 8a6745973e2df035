import { ladderTopology } from '@day90/bench';
import { topology as stage } from '../../src/topology.ts';
import { RUNGS } from './rungs.ts';

export const topology = ladderTopology(stage, {
  rungs: RUNGS,
  run: ['node', 'claims/ladder/rung.ts'],
  port: 12_301,
  // Nothing is to be renewed while hits are measured.
  env: { CACHE_POST_SECONDS: '3600' },
});
