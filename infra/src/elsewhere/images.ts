/**
 * Images by the program that is run from them. Pinned by the digest of their list of platforms: a tag is whatever somebody pushed
 * last. A new one is had by `docker buildx imagetools inspect <image>:<tag>`.
 */
const IMAGES = {
  'redis-server': 'redis:7.4.7-alpine@sha256:02f2cc4882f8bf87c79a220ac958f58c700bdec0dfb9b9ea61b62fb0e8f1bfcf',
  nginx: 'nginx:1.29-alpine@sha256:5616878291a2eed594aee8db4dade5878cf7edcb475e59193904b198d9b830de',
  prometheus: 'prom/prometheus:v3.5.0@sha256:63805ebb8d2b3920190daf1cb14a60871b16fd38bed42b857a3182bc621f4996',
  'prometheus-alertmanager':
    'prom/alertmanager:v0.28.1@sha256:27c475db5fb156cab31d5c18a4251ac7ed567746a2483ff264516437a39b15ba',
  versitygw: 'ghcr.io/versity/versitygw:v1.8.0@sha256:30292fc2eeacc67a36993b01f7a7a5e3361a19cced0e80c1d71cfa2a4b0a2499',
} as const;

/** What watches a stage elsewhere, and is not among its boxes. */
export const WATCH_IMAGES = {
  grafana: 'grafana/grafana:12.3.1@sha256:2175aaa91c96733d86d31cf270d5310b278654b03f5718c59de12a865380a31f',
  loki: 'grafana/loki:3.6.3@sha256:cd6e176883a90c21755f0315688668991634143423f75bdedfef41441b0fdc3c',
  alloy: 'grafana/alloy:v1.12.2@sha256:f94b1c82957accb77cd11385fd5e3600758ef1b1ab79557c97319ad28590735a',
};

/** What the programs of others are called in their images, where that is not what Debian calls them. */
const PROGRAMS: Record<string, string> = {
  prometheus: '/bin/prometheus',
  'prometheus-alertmanager': '/bin/alertmanager',
  versitygw: '/usr/local/bin/versitygw',
};

/** Stages of our own Dockerfile, by what they add: Varnish and what reads its memory are in no image together with Node. */
export type OwnTarget = 'app' | 'edge';

/** The image that has this program: somebody's, or a target of our Dockerfile. */
export function imageOf(program: string, role: string): { image: string } | { target: OwnTarget } {
  if (program in IMAGES) return { image: IMAGES[program as keyof typeof IMAGES] };
  return { target: program.startsWith('varnish') || role === 'exporter' ? 'edge' : 'app' };
}

/** Where the program lies in its image. */
export function programIn(program: string): string {
  return PROGRAMS[program] ?? program;
}
