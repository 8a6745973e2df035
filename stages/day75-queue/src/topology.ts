import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { app, nginx, queue, relay, worker } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-6',
  data,
  door: 'nginx',
  options: { balance, ...databaseOptions },
  boxes: {
    mail: mailBox(16001),
    cache: redisBox('cache', '../day15-cache/redis.conf', 16002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 16003),
    db: databases(16004, { cpu: 0.2 }),
    queue: queue(16007),
    relay: relay(16008, { cpu: 0.1 }),
    app: app(16011, { count: 3, cpu: 0.2 }),
    worker: worker(16021, { count: 1, cpu: 0.2 }),
    nginx: nginx(3006),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
