import { defineTopology, mailBox, redisBox } from '@day90/infra';
import { DATA_VERSION, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';

export const topology = defineTopology({
  stage: 'stage-2',
  data: { engine: 'sqlite', version: DATA_VERSION, load: ['node', '../day1-sqlite/src/load-data.ts'] },
  door: 'app',
  boxes: {
    mail: mailBox(12001),
    cache: redisBox('cache', 'redis.conf', 12002),
    app: {
      role: 'app',
      run: ['node', 'src/main.ts'],
      env: {
        BOX: '${box}',
        PORT: '${port:app}',
        SQLITE_PATH: '${data}/day90.sqlite',
        CACHE_URL: 'redis://app:${secret:cache}@127.0.0.1:${port:cache}',
        SMTP_URL: 'smtp://127.0.0.1:${port:mail}',
        SESSION_SECRETS: '${secret:session}',
        DRAIN_MS: '500', // nothing in front of it has to notice, and Ctrl-C is to end all of it within 5 s
        DRAIN_DEADLINE_MS: '3000',
      },
      port: 3002,
      ready: { http: '/readyz' },
      after: ['mail', 'cache'],
    },
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
