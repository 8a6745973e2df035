import type { Box } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';
import { farDatabase } from '../far-database.ts';

const app = stage.boxes.app as Box;

/** Apps that end the moment they are asked to, as a server without a handler of SIGTERM does, but with exit code 0. */
export const topology = farDatabase('exit-at-once', { app: { ...app, run: ['node', 'drills/exit-at-once/main.ts'] } });
