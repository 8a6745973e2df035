import { describeBalanced } from './balanced-stage.ts';

describeBalanced('weighted');
describeBalanced('ip-hash');
