import { twoWorkers } from './two-workers.ts';

export const topology = twoWorkers('two-workers');
