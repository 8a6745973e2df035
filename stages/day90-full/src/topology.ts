import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { ADMIN_EMAIL, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import {
  app,
  board,
  CITIES,
  edge,
  links,
  nginx,
  pages,
  pictureStore,
  purge,
  queue,
  relay,
  worker,
} from 'stage-7/boxes';

export const topology = defineTopology({
  stage: 'stage-7',
  data,
  door: 'edge-seoul',
  options: { balance, ...databaseOptions, purge },
  boxes: {
    mail: mailBox(17001, 17009),
    cache: redisBox('cache', '../day15-cache/redis.conf', 17002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 17003),
    db: databases(17004, { cpu: 0.2 }),
    ...pictureStore(17033),
    queue: queue(17007),
    relay: relay(17008, { cpu: 0.1 }),
    app: app(17011, { count: 3, cpu: 0.2 }),
    nginx: nginx(17020),
    worker: worker(17021, { count: 1, cpu: 0.2 }),
    board: board(17010),
    'edge-seoul': edge('seoul', 3007),
    'edge-la': edge('la', 17031),
    'edge-london': edge('london', 17032),
  },
  places: [...CITIES],
  links: links(2000),
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`, ...pages(ADMIN_EMAIL)],
});
