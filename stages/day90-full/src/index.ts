export { metricsEnv } from './env.ts';
export { countedPosts } from './metrics/counted-posts.ts';
export { httpMetrics } from './metrics/http-metrics.ts';
export { measuredCluster } from './metrics/measured-cluster.ts';
export { type Metrics, openMetrics } from './metrics/metrics.ts';
export { timedPictures, timedSizes } from './metrics/timed-pictures.ts';
