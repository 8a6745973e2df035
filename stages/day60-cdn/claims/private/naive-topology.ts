import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** The stage with edges that keep what comes, for whoever asks next. */
const naive = ({ files: _files, env = {}, ...box }: Box): Box => ({
  ...box,
  files: { 'edge.vcl': '../day60-cdn/claims/private/naive.vcl' },
  env: { UPSTREAM_PORT: env.UPSTREAM_PORT as string },
});

const { purge: _purge, ...options } = stage.options ?? {};
const boxes = Object.entries(stage.boxes).map(([name, box]) => [name, box.role === 'edge' ? naive(box) : box]);

export const topology = defineTopology({ ...stage, variant: 'naive', options, boxes: Object.fromEntries(boxes) });
