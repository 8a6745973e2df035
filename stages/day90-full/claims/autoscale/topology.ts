import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** Edges would answer most of it themselves, nobody is asked for jobs, and nobody watches. */
const LEFT_OUT = [
  ...['relay', 'queue', 'worker', 'board', 'edge-seoul', 'edge-la', 'edge-london'],
  ...['exporter', 'prometheus', 'alertmanager', 'notices'],
];
const boxes = Object.fromEntries(Object.entries(stage.boxes).filter(([name]) => !LEFT_OUT.includes(name)));
const { app } = boxes as { app: Box };
const { purge: _ofEdges, ...options } = stage.options ?? {};

/** The stage as its app boxes see it, with nginx as its door. */
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
