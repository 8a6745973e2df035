export { type Cluster, type ClusterState, openCluster } from './cluster.ts';
export { replicaEnv } from './env.ts';
export { ownWrites } from './own-writes.ts';
export { splitPosts } from './split-posts.ts';
export { splitUsers } from './split-users.ts';
