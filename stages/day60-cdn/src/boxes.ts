import { type Box, canHaveTool, s3Box } from '@day90/infra';
import { app as stage4App, nginx as stage4Nginx } from 'stage-4/boxes';
import { EDGES } from './distances.ts';
import { PUBLIC_ROUTES, targetPattern } from './public-routes.ts';

export { CITIES, links, visits } from './distances.ts';

const HAS_S3 = canHaveTool('versitygw');

/** The store of pictures: an S3 server; none where it can't be had, and the app keeps them in a folder instead. */
export function pictureStore(port: number): Record<string, Box> {
  return HAS_S3 ? { s3: s3Box('pictures', port) } : {};
}

/** What `start` says of the store. */
export const storeHint = HAS_S3
  ? []
  : ['Pictures are kept in a folder: `npx -y pnpm preflight` tells what an S3 server needs'];

/** The app boxes of stage 4, which tell the edges what is over, and take pictures. */
export function app(port: number, size: { count: number; cpu: number }): Box {
  const box = stage4App(port, size);
  const urls = EDGES.map(({ purgedAt }) => `http://127.0.0.1:\${${purgedAt}}`);
  return {
    ...box,
    env: {
      ...box.env,
      PUBLIC_URL: 'http://127.0.0.1:${port:edge-seoul}',
      EDGE_URLS: urls.join(','),
      EDGE_PURGE_KEY: '${secret:purge}',
      IMAGES_URL: HAS_S3 ? 'http://day90:${secret:s3}@127.0.0.1:${port:s3}/pictures' : 'file://${data}/pictures',
    },
    after: [...(box.after ?? []), ...(HAS_S3 ? ['s3'] : [])],
  };
}

/** nginx, which believes an edge who the visitor is, and lets pictures through. */
export function nginx(port: number): Box {
  const box = stage4Nginx(port);
  const files = {
    'visitor.conf': '../day60-cdn/nginx/visitor.conf',
    'location-images.conf': '../day60-cdn/nginx/location-images.conf',
  };
  return { ...box, files: { ...box.files, ...files } };
}

/** The edge of a place. Seoul's stands before the origin, the others before Seoul's. */
export function edge(place: 'seoul' | 'la' | 'london', port: number): Box {
  const isShield = place === 'seoul';
  return {
    role: 'edge',
    run: [
      ...['varnishd', '-F', '-j', 'none', '-n', '${data}/${box}', '-i', '${box}', '-f', '${conf}/edge.vcl'],
      ...['-a', '127.0.0.1:${port:self}', '-s', 'malloc,32M', '-s', 'Transient=malloc,128M', '-T', 'none'],
      ...PARAMETERS.flatMap((parameter) => ['-p', parameter]),
    ],
    files: {
      'edge.vcl': '../day60-cdn/varnish/edge.vcl',
      'answers.vcl': '../day60-cdn/varnish/answers.vcl',
      'xkey.vcl': '../day60-cdn/varnish/xkey.vcl',
      'bans.vcl': '../day60-cdn/varnish/bans.vcl',
    },
    env: {
      PLACE: place,
      UPSTREAM_HOST: '127.0.0.1',
      UPSTREAM_PORT: isShield ? '${port:nginx}' : `\${link:${place}-seoul}`,
      PULSE_PATH: isShield ? '/livez' : '/edgez',
      PUBLIC_PATHS: targetPattern(PUBLIC_ROUTES),
      PAGED_PATHS: targetPattern(PUBLIC_ROUTES.filter(({ paged }) => paged)),
    },
    port,
    ready: { http: '/edgez' },
    after: [isShield ? 'nginx' : 'edge-seoul'],
    unprivileged: true,
    stopTimeoutMs: 3000,
  };
}

/** https://varnish-cache.org/docs/7.1/reference/varnishd.html#list-of-parameters */
const PARAMETERS = [
  'vsl_space=2M', // the log in memory: 80 MB as it comes, and nobody reads it here
  'thread_pools=1',
  'thread_pool_min=16', // 100 as it comes, in each of two pools
  // A request whose body is still on its way holds two, one that reads and one that hands on: who sends a byte a second must
  // not have them all. A thread is some 100 kB once it is needed.
  'thread_pool_max=1500',
  // Until the first request is whole; edge.vcl gives more to who has sent one.
  'timeout_idle=10',
  'backend_idle_timeout=50', // before nginx closes it (60 s), or a reused one could answer 503
];

/** How edges find what has a tag; see varnish/. */
export const purge = {
  choices: { xkey: {}, bans: {} },
  default: process.platform === 'darwin' ? 'bans' : 'xkey',
};
