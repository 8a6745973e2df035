import { topology } from '../src/random/topology.ts';
import { describeContract } from './contract-of.ts';

describeContract('stage-4-random', topology);
