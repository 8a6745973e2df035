import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { app, databaseOptions, databases, nginx } from '../boxes.ts';

export const topology = defineTopology({
  stage: 'stage-4',
  variant: 'random',
  data,
  door: 'nginx',
  options: { balance, ...databaseOptions },
  boxes: {
    mail: mailBox(14101),
    cache: redisBox('cache', '../day15-cache/redis.conf', 14102),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 14103),
    db: databases(14104, { cpu: 0.2 }),
    app: { ...app(14111, { count: 3, cpu: 0.2 }), run: ['node', 'src/random/main.ts'] },
    nginx: nginx(3014),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
