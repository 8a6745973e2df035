import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DATA_VERSION, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { app } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-2',
  data: { engine: 'sqlite', version: DATA_VERSION, load: ['node', '../day1-sqlite/src/load-data.ts'] },
  door: 'app',
  boxes: {
    mail: mailBox(12001),
    cache: redisBox('cache', 'redis.conf', 12002),
    app: app(3002),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
