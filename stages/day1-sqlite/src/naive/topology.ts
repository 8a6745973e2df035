import { defineTopology, mailBox } from '@day90/infra';
import { DATA_VERSION, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';

export const topology = defineTopology({
  stage: 'stage-1',
  variant: 'naive',
  data: { engine: 'sqlite', version: DATA_VERSION, load: ['node', 'src/load-data.ts'] },
  door: 'app',
  boxes: {
    mail: mailBox(11101),
    app: {
      role: 'app',
      run: ['node', 'src/naive/main.ts'],
      env: {
        BOX: '${box}',
        PORT: '${port:app}',
        SQLITE_PATH: '${data}/day90.sqlite',
        SMTP_URL: 'smtp://127.0.0.1:${port:mail}',
        SESSION_SECRETS: '${secret:session}',
        DRAIN_MS: '500', // nothing in front of it has to notice, and Ctrl-C is to end all of it within 5 s
        DRAIN_DEADLINE_MS: '3000',
      },
      port: 3011,
      ready: { http: '/readyz' },
      after: ['mail'],
    },
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
