import { roundRobinBeside } from './round-robin-beside.ts';

export const topology = roundRobinBeside('round-robin-beside');
