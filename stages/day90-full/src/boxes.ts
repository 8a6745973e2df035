import type { Box } from '@day90/infra';
import * as stage6 from 'stage-6/boxes';

export { CITIES, edge, links, nginx, pages, pictureStore, purge, queue } from 'stage-6/boxes';

/** Between a box's port and that of its metrics. */
const METRICS_OFFSET = 100;

export const app: typeof stage6.app = (port, size) => measured(stage6.app(port, size), port);
export const relay: typeof stage6.relay = (port, size) => measured(stage6.relay(port, size), port);
export const worker: typeof stage6.worker = (port, size) => measured(stage6.worker(port, size), port);
export const board: typeof stage6.board = (port) => measured(stage6.board(port), port);

/** A box with a second port, for its metrics alone: no proxy leads there. */
function measured(box: Box, port: number): Box {
  return {
    ...box,
    env: { ...box.env, METRICS_PORT: '${port:self.metrics}' },
    port: { main: port, metrics: port + METRICS_OFFSET },
  };
}
