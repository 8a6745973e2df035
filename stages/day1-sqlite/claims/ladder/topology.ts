import { ladderTopology } from '@day90/bench';
import { topology as stage } from '../../src/topology.ts';
import { RUNGS } from './rungs.ts';

export const topology = ladderTopology(stage, { rungs: RUNGS, run: ['node', 'claims/ladder/rung.ts'], port: 11_301 });
