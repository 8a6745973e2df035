import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../../src/topology.ts';
import { RUNGS } from './rungs.ts';
import { SECRET } from './session-cookies.ts';

const { app, sessions } = stage.boxes as { app: Box; sessions: Box };

const rungBoxes = RUNGS.map(({ name }, place): [string, Box] => [
  name,
  {
    role: 'app',
    run: ['node', 'claims/sessions/ladder/rung.ts'],
    env: {
      BOX: '${box}',
      PORT: '${port:self}',
      RUNG: name,
      SESSION_URL: app.env?.SESSION_URL as string,
      SESSION_SECRETS: SECRET,
      // Many small collections of young objects, as in the app: with V8's usual size a block has one or none.
      NODE_OPTIONS: app.env?.NODE_OPTIONS as string,
    },
    port: 13_501 + place,
    ready: { http: '/readyz' },
    after: ['sessions'],
  },
]);

/** All rungs at once beside the stage's Redis of the sessions. */
export const topology = defineTopology({
  stage: stage.stage,
  variant: 'sessions-ladder',
  door: 'ours',
  boxes: { sessions: { ...sessions, port: 13_500 }, ...Object.fromEntries(rungBoxes) },
});
