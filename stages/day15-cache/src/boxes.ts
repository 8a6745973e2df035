import type { Box } from '@day90/infra';
import { app as stage1App } from 'stage-1/boxes';

/** The app of stage 1, which knows a cache. */
export function app(port: number): Box {
  const box = stage1App(port);
  const CACHE_URL = 'redis://app:${secret:cache}@127.0.0.1:${port:cache}';
  return { ...box, env: { ...box.env, CACHE_URL }, after: [...(box.after ?? []), 'cache'] };
}
