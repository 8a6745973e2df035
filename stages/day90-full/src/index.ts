export { limiterEnv, metricsEnv, sheddingEnv } from './env.ts';
export { hearReports } from './limit-reports.ts';
export { steerProxy } from './limiter/steer-proxy.ts';
export { countedPosts } from './metrics/counted-posts.ts';
export { httpMetrics } from './metrics/http-metrics.ts';
export { measuredCluster } from './metrics/measured-cluster.ts';
export { type Metrics, openMetrics } from './metrics/metrics.ts';
export { timedPictures, timedSizes } from './metrics/timed-pictures.ts';
export { shedLoad } from './shed-load.ts';
