import { type Box, defineTopology } from '@day90/infra';
import { topology as stage } from '../../src/topology.ts';
import { RUNGS, type Rung } from './rungs.ts';

const shipped = stage.boxes.app as Box;

/** All rungs at once on the same data, each in a process of its own; the last one is the stage's app as it is started. */
export const topology = defineTopology({
  ...stage,
  variant: 'ladder',
  door: 'shipped',
  boxes: Object.fromEntries([['mail', stage.boxes.mail as Box], ...RUNGS.map(({ name }, i) => [name, boxOf(name, i)])]),
});

function boxOf(rung: Rung, place: number): Box {
  const env = { ...shipped.env, PORT: `\${port:${rung}}`, ...(rung !== 'shipped' && { RUNG: rung }) };
  const run = rung === 'shipped' ? shipped.run : ['node', 'claims/ladder/rung.ts'];
  return { ...shipped, run, env, port: 11_301 + place };
}
