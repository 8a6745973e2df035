import { type Box, defineTopology } from '@day90/infra';
import { data } from 'stage-3/boxes';
import { databaseOptions } from 'stage-4/boxes';
import { topology as stage } from '../../src/topology.ts';

const { db, queue, relay } = stage.boxes as Record<'db' | 'queue' | 'relay', Box>;

/** What stands between an app and its workers: the primary, the relay and the queue. */
export const topology = defineTopology({
  stage: 'stage-6',
  variant: 'enqueue',
  data,
  door: 'queue',
  options: databaseOptions,
  boxes: { db, queue, relay },
  hello: ['postgres://day90_app:${secret:db-app}@127.0.0.1:${port:db-1}/day90'],
});
