import { defineTopology, mailBox } from '@day90/infra';
import { ADMIN_EMAIL, DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { balance, data } from 'stage-3/boxes';
import { databaseOptions } from 'stage-4/boxes';
import { CITIES, links, pictureStore, purge } from 'stage-6/boxes';
import {
  app,
  board,
  cache,
  databases,
  edges,
  front,
  limits,
  pages,
  queue,
  relay,
  sessions,
  watch,
  worker,
} from 'stage-7/boxes';

export const topology = defineTopology({
  stage: 'stage-7',
  data,
  door: 'edge-seoul',
  options: { balance, ...databaseOptions, purge, ...limits },
  boxes: {
    mail: mailBox(17001, 17009),
    cache: cache(17002),
    sessions: sessions(17003),
    db: databases(17004, { cpu: 0.2 }),
    ...pictureStore(17033),
    queue: queue(17007),
    relay: relay(17008, { cpu: 0.1 }),
    app: app(17011, { count: 3, cpu: 0.2 }),
    ...front(17020, 17034),
    worker: worker(17021, { count: 1, cpu: 0.2 }),
    board: board(17010),
    ...edges({ seoul: 3007, la: 17031, london: 17032 }),
    ...watch(17060),
  },
  places: [...CITIES],
  links: links(2000),
  hello: [`Log in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}`, ...pages(ADMIN_EMAIL)],
});
