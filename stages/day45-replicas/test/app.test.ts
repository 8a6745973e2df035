import { topology } from '../src/topology.ts';
import { describeContract } from './contract-of.ts';

describeContract('stage-4', topology);
