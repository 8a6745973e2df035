export { cacheHeaders } from './cache-headers.ts';
export { connectEdges, type Edges } from './edges.ts';
export { edgeEnv, imagesEnv } from './env.ts';
export { namedPosts, namedUsers } from './named-files.ts';
export { openImages, openPictures } from './open-pictures.ts';
export { purgedPosts } from './purged-posts.ts';
export { type StaticFiles, staticFiles } from './static-files.ts';
