import { type Box, defineTopology } from '@day90/infra';
import { data } from 'stage-3/boxes';
import { databaseOptions } from 'stage-4/boxes';
import { topology as stage } from '../../src/topology.ts';

const { cache, sessions, db, app } = stage.boxes as Record<'cache' | 'sessions' | 'db' | 'app', Box>;
const { METRICS_PORT: _port, LIMITER: _nobody, ...env } = app.env as Record<string, string>;

/** An app box by itself: with no edges to tell of changes, and without a budget, so that each answers as fast as it can. */
function alone(own: Pick<Box, 'run' | 'port' | 'env'>): Box {
  const { replicas: _one, cpu: _all, ...box } = app;
  const settings = {
    EDGE_URLS: '',
    // All that the ladder has under way at once are public reads, and none is to be refused, however slow the first ones are.
    ...{ PUBLIC_READ_SHARE: '1', TARGET_MS: '60000' },
    PUBLIC_URL: 'http://127.0.0.1:${port:self}',
    IMAGES_URL: 'file://${data}/pictures',
  };
  return { ...box, ...own, env: { ...env, ...settings, ...own.env }, after: ['cache', 'sessions', 'db'] };
}

function metered(main: number): Box {
  return alone({ run: app.run, port: { main, metrics: main + 1 }, env: { METRICS_PORT: '${port:self.metrics}' } });
}

/** The app with metrics, twice, and without, on the same cache and database. */
export const topology = defineTopology({
  stage: 'stage-7',
  variant: 'metrics-cost',
  data,
  door: 'metered',
  options: databaseOptions,
  boxes: {
    cache,
    sessions,
    db: { ...db, cpu: 1 },
    unmetered: alone({ run: ['node', 'claims/metrics-cost/main.ts'], port: 17_901, env: {} }),
    metered: metered(17_902),
    twin: metered(17_904),
  },
});
