import { type Box, redisBox, type Topology } from '@day90/infra';
import { app as stage5App, links as stage5Links, storeHint, visits } from 'stage-5/boxes';

export { CITIES, edge, nginx, pictureStore, purge, storeHint, visits } from 'stage-5/boxes';

const QUEUE_URL = 'redis://jobs:${secret:queue}@127.0.0.1:${port:queue}';

/** The queue's Redis. */
export const queue = (port: number): Box => redisBox('queue', '../day75-queue/redis/queue.conf', port);

/** The app boxes of stage 5, which send no mail any more, and do without the queue. */
export function app(port: number, size: { count: number; cpu: number }): Box {
  const box = stage5App(port, size);
  const { SMTP_URL: _sentByWorkers, ...env } = box.env ?? {};
  return { ...box, env, after: box.after?.filter((name) => name !== 'mail') ?? [] };
}

/** App boxes that put jobs into the queue themselves. */
export function enqueuingApp(port: number, size: { count: number; cpu: number }): Box {
  const box = app(port, size);
  return {
    ...box,
    run: ['node', 'src/inline-enqueue/main.ts'],
    env: { ...box.env, QUEUE_URL },
    after: [...(box.after ?? []), 'queue'],
  };
}

/** What takes jobs from the outbox to the queue. Another one at the same time does no harm. */
export function relay(port: number, { cpu }: { cpu: number }): Box {
  return { ...backgroundBox('relay', port), after: ['db', 'queue'], cpu };
}

/** The boxes that do the jobs, each the same. */
export function worker(port: number, { count, cpu }: { count: number; cpu: number }): Box {
  const box = backgroundBox('worker', port);
  const { env: { IMAGES_URL = '' } = {}, after: ofApp = [] } = stage5App(port, { count: 1, cpu: 1 });
  return {
    ...box,
    env: { ...box.env, SMTP_URL: 'smtp://127.0.0.1:${port:mail}', IMAGES_URL },
    after: ['mail', 'db', 'queue', ...ofApp.filter((name) => name === 's3')], // the store, where it is a box
    cpu,
    replicas: { count, least: 1, most: 8 },
  };
}

/** What shows the queues to admins, on a port that no proxy leads to. */
export function board(port: number): Box {
  const box = backgroundBox('board', port);
  return {
    ...box,
    env: {
      ...box.env,
      DATABASE_POOL: '2',
      QUEUE_URL: 'redis://board:${secret:queue-board}@127.0.0.1:${port:queue}',
      PUBLIC_URL: 'http://127.0.0.1:${port:self}',
      SESSION_SECRETS: '${secret:board-session}',
      MALLOC_ARENA_MAX: '1', // it hashes passwords, as the app does
    },
    after: ['db', 'queue'],
  };
}

/** A process that works by itself, on the databases and the queue. */
function backgroundBox(role: 'relay' | 'worker' | 'board', port: number): Box {
  const { DATABASE_URLS = '', NODE_OPTIONS = '' } = stage5App(port, { count: 1, cpu: 1 }).env ?? {};
  return {
    role,
    run: ['node', `src/${role}.ts`],
    env: {
      BOX: '${box}',
      PORT: '${port:self}',
      DATABASE_URLS,
      DATABASE_POOL: '4',
      QUEUE_URL,
      NODE_OPTIONS,
    },
    port,
    ready: { http: '/readyz' },
  };
}

/** Where a start has something to look at. @param admin - Who is let in to the queues. */
export function pages(admin: string): string[] {
  const own = [
    'Mails: http://127.0.0.1:${port:mail.page}',
    `Queues: \${url:board}, for ${admin} with the same password`,
  ];
  return [...visits, ...own, ...storeHint];
}

/** The ways between places, as at stage 5. @param by - Their ports are moved, so that both stages can be up. */
export function links(by: number): NonNullable<Topology['links']> {
  return Object.fromEntries(
    Object.entries(stage5Links).map(([name, link]) => [name, { ...link, port: link.port + by }]),
  );
}
