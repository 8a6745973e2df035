import { type Box, defineTopology } from '@day90/infra';
import { topology as whole } from '../src/topology.ts';
import { unlimitedNginx } from './unlimited-nginx.ts';

const { 'edge-seoul': edge, nginx } = whole.boxes as Record<'edge-seoul' | 'nginx', Box>;
const { 'public-reads': _noShare, ...options } = whole.options ?? {};
const parameters: Record<string, string> = { 'timeout_idle=10': 'timeout_idle=60' };

/** A connection lasts as long as something comes, and nobody counts whose it is. */
export const topology = defineTopology({
  ...whole,
  options,
  boxes: {
    ...whole.boxes,
    app: { ...(whole.boxes.app as Box), env: { ...whole.boxes.app?.env, LIMITER: '' } },
    'edge-seoul': { ...edge, run: edge.run.map((word) => parameters[word] ?? word) },
    nginx: unlimitedNginx(nginx),
  },
});
