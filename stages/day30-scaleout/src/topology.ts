import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { app, balance, data, nginx, postgres } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-3',
  data,
  door: 'nginx',
  options: { balance, 'db-rtt': { link: 'db' } },
  links: { db: { from: 'app', to: 'postgres', port: 13005 } },
  boxes: {
    mail: mailBox(13001),
    cache: redisBox('cache', '../day15-cache/redis.conf', 13002),
    sessions: redisBox('sessions', 'redis/sessions.conf', 13003),
    postgres: postgres(13004),
    app: app(13011, { count: 3, cpu: 0.2 }),
    nginx: nginx(3003),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
