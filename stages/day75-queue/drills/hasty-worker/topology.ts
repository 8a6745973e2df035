import { twoWorkers } from '../two-workers.ts';

/** Workers that end the moment they are asked to, as a process without a handler of SIGTERM does, but with exit code 0. */
export const topology = twoWorkers('hasty-worker', { run: ['node', 'drills/hasty-worker/worker.ts'] });
