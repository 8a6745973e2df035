import { sixtiethTopology } from '../topology.ts';

export const topology = sixtiethTopology('usual', ['usual']);
