import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** A box with all that it starts after, and so on. */
function needed(name: string): string[] {
  return [...(stage.boxes[name]?.after ?? []).flatMap(needed), name];
}

const names = new Set([...needed('nginx'), ...needed('limiter')]);
const boxes = Object.fromEntries([...names].map((name) => [name, stage.boxes[name] as Box]));
const { app } = boxes as { app: Box };
const { purge: _ofEdges, ...options } = stage.options ?? {};

/** The stage with nginx as its door, and what that needs: edges would answer most by themselves, nobody asks for jobs, and nobody watches. */
export const topology = defineTopology({
  ...stage,
  variant: 'autoscale',
  door: 'nginx',
  boxes: { ...boxes, app: { ...app, env: { ...app.env, PUBLIC_URL: '${url:nginx}', EDGE_URLS: '' } } },
  options,
  places: [],
  links: {},
  hello: [],
});
