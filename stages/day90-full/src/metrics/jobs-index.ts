/** Metrics of jobs: apart from the index, since no app is to load a queue. */
export { countedTries } from './counted-tries.ts';
export { queueMetrics } from './queue-metrics.ts';
