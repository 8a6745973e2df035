import type { Box } from '@day90/infra';
import * as stage6 from 'stage-6/boxes';

/** nginx as at the stage before, which counts neither public reads nor senders, and tells of its connections as this stage's does. */
export function unlimitedNginx(box: Box): Box {
  const { files } = stage6.nginx(17020);
  return { ...box, files: { ...files, 'server-metrics.conf': 'nginx/server-metrics.conf' } };
}
