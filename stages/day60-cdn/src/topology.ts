import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { app, CITIES, edge, links, nginx, pictureStore, purge, storeHint, visits } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-5',
  data,
  door: 'edge-seoul',
  options: { balance, ...databaseOptions, purge },
  boxes: {
    mail: mailBox(15001),
    cache: redisBox('cache', '../day15-cache/redis.conf', 15002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 15003),
    db: databases(15004, { cpu: 0.2 }),
    ...pictureStore(15021),
    app: app(15011, { count: 3, cpu: 0.2 }),
    nginx: nginx(15020),
    'edge-seoul': edge('seoul', 3005),
    'edge-la': edge('la', 15031),
    'edge-london': edge('london', 15032),
  },
  places: [...CITIES],
  links,
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`, ...visits, ...storeHint],
});
