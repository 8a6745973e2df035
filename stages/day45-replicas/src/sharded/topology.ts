import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { shardedApp, shardedNginx, shards } from './boxes.ts';
import { data } from './shard-data.ts';

export const topology = defineTopology({
  stage: 'stage-4',
  variant: 'sharded',
  data,
  door: 'nginx',
  options: { balance: { choices: { 'least-conn': { method: 'least_conn;', first: '' } }, default: 'least-conn' } },
  boxes: {
    mail: mailBox(14201),
    cache: redisBox('cache', '../day15-cache/redis.conf', 14202),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 14203),
    shard: shards(14204),
    app: shardedApp(14211, { count: 3, cpu: 0.2 }),
    nginx: shardedNginx(3024),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
