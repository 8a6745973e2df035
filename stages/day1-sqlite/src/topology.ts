import { defineTopology, mailBox } from '@day90/infra';
import { DATA_VERSION, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { app } from './boxes.ts';

export const topology = defineTopology({
  stage: 'stage-1',
  data: { engine: 'sqlite', version: DATA_VERSION, load: ['node', 'src/load-data.ts'] },
  door: 'app',
  boxes: {
    mail: mailBox(11001),
    app: app(3001),
  },
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`],
});
