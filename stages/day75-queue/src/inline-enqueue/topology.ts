import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import {
  CITIES,
  edge,
  enqueuingApp,
  links,
  nginx,
  pictureStore,
  purge,
  queue,
  storeHint,
  visits,
  worker,
} from '../boxes.ts';

export const topology = defineTopology({
  stage: 'stage-6',
  variant: 'inline-enqueue',
  data,
  door: 'edge-seoul',
  options: { balance, ...databaseOptions, purge },
  boxes: {
    mail: mailBox(16101),
    cache: redisBox('cache', '../day15-cache/redis.conf', 16102),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 16103),
    db: databases(16104, { cpu: 0.2 }),
    ...pictureStore(16133),
    queue: queue(16107),
    app: enqueuingApp(16111, { count: 3, cpu: 0.2 }),
    nginx: nginx(16120),
    worker: worker(16121, { count: 1, cpu: 0.2 }),
    'edge-seoul': edge('seoul', 3016),
    'edge-la': edge('la', 16131),
    'edge-london': edge('london', 16132),
  },
  places: [...CITIES],
  links: links(1100),
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`, ...visits, ...storeHint],
});
