import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { app, nginx } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-5',
  data,
  door: 'nginx',
  options: { balance, ...databaseOptions },
  boxes: {
    mail: mailBox(15001),
    cache: redisBox('cache', '../day15-cache/redis.conf', 15002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 15003),
    db: databases(15004, { cpu: 0.2 }),
    app: app(15011, { count: 3, cpu: 0.2 }),
    nginx: nginx(3005),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
