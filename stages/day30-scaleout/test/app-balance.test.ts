import { describeBalanced } from './balanced-stage.ts';

describeBalanced('round-robin');
describeBalanced('weighted');
describeBalanced('ip-hash');
