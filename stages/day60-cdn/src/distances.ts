import type { Topology } from '@day90/infra';

/** The cities that visitors come from. */
export const CITIES = ['seoul', 'tokyo', 'la', 'london'] as const;

/** Where each edge is reached by the app, in Seoul: the one before the origin first. */
export const EDGES = [
  { place: 'seoul', purgedAt: 'port:edge-seoul' },
  { place: 'la', purgedAt: 'link:purge-la' },
  { place: 'london', purgedAt: 'link:purge-london' },
];

/** The boxes of the edges, in the same order. */
export const EDGE_BOXES = EDGES.map(({ place }) => `edge-${place}`);

/**
 * Round trips in milliseconds, as the guide has them (C18). Each city has two ways: to its edge, and straight to the origin. A miss
 * costs what the way without edges does: 10 + 190 from Los Angeles.
 */
export const links: NonNullable<Topology['links']> = {
  seoul: { from: 'seoul', to: 'edge-seoul', port: 15041, rttMs: 10 },
  tokyo: { from: 'tokyo', to: 'edge-seoul', port: 15042, rttMs: 50 },
  la: { from: 'la', to: 'edge-la', port: 15043, rttMs: 10 },
  london: { from: 'london', to: 'edge-london', port: 15044, rttMs: 10 },
  'seoul-direct': { from: 'seoul', to: 'nginx', port: 15045, rttMs: 10 },
  'tokyo-direct': { from: 'tokyo', to: 'nginx', port: 15046, rttMs: 50 },
  'la-direct': { from: 'la', to: 'nginx', port: 15047, rttMs: 200 },
  'london-direct': { from: 'london', to: 'nginx', port: 15048, rttMs: 300 },
  'la-seoul': { from: 'edge-la', to: 'edge-seoul', port: 15051, rttMs: 190 },
  'london-seoul': { from: 'edge-london', to: 'edge-seoul', port: 15052, rttMs: 290 },
  'purge-la': { from: 'app', to: 'edge-la', port: 15053, rttMs: 190 },
  'purge-london': { from: 'app', to: 'edge-london', port: 15054, rttMs: 290 },
};

/** How to visit the stage from each city, printed by `start`. */
export const visits = CITIES.map(
  (city) =>
    `From ${city}: http://127.0.0.1:\${link:${city}}/posts, without edges http://127.0.0.1:\${link:${city}-direct}/posts`,
);
