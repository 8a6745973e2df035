import { fileURLToPath } from 'node:url';
import { demandsClaim } from '@day90/bench';
import { topology } from '../src/topology.ts';

export const demands = demandsClaim({ topology, folder: fileURLToPath(new URL('..', import.meta.url)) });
