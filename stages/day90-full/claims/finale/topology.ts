import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';

/** A box with all that it starts after, and so on. */
function needed(name: string): string[] {
  return [...(stage.boxes[name]?.after ?? []).flatMap(needed), name];
}

const names = new Set([...needed('edge-seoul'), ...needed('limiter')]);
const boxes = Object.fromEntries([...names].map((name) => [name, stage.boxes[name] as Box]));
const { app, 'edge-seoul': edge } = boxes as { app: Box; 'edge-seoul': Box };

/** Varnish takes a file for each connection and serves nobody once it has none left; nginx shares its visitors among workers. */
const door: Box = {
  role: 'door',
  run: ['nginx', '-e', 'stderr', '-p', '${conf}', '-c', 'door.conf'],
  files: { 'door.conf': 'claims/finale/door.conf' },
  port: 17_911,
  ready: { http: '/edgez' },
  after: ['edge-seoul'],
};

/** What a read passes: the door, Seoul's edge, nginx, the apps, Redis, three databases. Nothing far away, and nobody who watches. */
export const topology = defineTopology({
  ...stage,
  variant: 'finale',
  door: 'door',
  boxes: {
    ...boxes,
    app: { ...app, env: { ...app.env, EDGE_URLS: 'http://127.0.0.1:${port:edge-seoul}' } },
    // 32 MB hold some 10,000 posts: what is read once would push out what all read.
    'edge-seoul': { ...edge, run: edge.run.map((word) => (word === 'malloc,32M' ? 'malloc,256M' : word)) },
    door,
  },
  places: [],
  links: {},
  hello: [],
});
