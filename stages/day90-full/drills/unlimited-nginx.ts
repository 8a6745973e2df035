import type { Box } from '@day90/infra';
import * as stage6 from 'stage-6/boxes';

/** nginx that tells of its connections as this stage's does, and counts neither public reads nor senders: all else is as at the stage before. */
export function unlimitedNginx(box: Box): Box {
  const { files } = stage6.nginx(17020);
  return { ...box, files: { ...files, 'server-metrics.conf': 'nginx/server-metrics.conf' } };
}
