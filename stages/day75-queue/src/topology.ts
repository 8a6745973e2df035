import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { ADMIN_EMAIL, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { app, board, CITIES, edge, links, nginx, pages, pictureStore, purge, queue, relay, worker } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-6',
  data,
  door: 'edge-seoul',
  options: { balance, ...databaseOptions, purge },
  boxes: {
    mail: mailBox(16001, 16009),
    cache: redisBox('cache', '../day15-cache/redis.conf', 16002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 16003),
    db: databases(16004, { cpu: 0.2 }),
    ...pictureStore(16033),
    queue: queue(16007),
    relay: relay(16008, { cpu: 0.1 }),
    app: app(16011, { count: 3, cpu: 0.2 }),
    nginx: nginx(16020),
    worker: worker(16021, { count: 1, cpu: 0.2 }),
    board: board(16010),
    'edge-seoul': edge('seoul', 3006),
    'edge-la': edge('la', 16031),
    'edge-london': edge('london', 16032),
  },
  places: [...CITIES],
  links: links(1000),
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`, ...pages(ADMIN_EMAIL)],
});
