import { type Box, defineTopology, type Topology } from '@day90/infra';
import type { Rung } from './ladder-rungs.ts';

/** How a stage's topology becomes that of its ladder. */
export interface LadderBoxes {
  rungs: readonly Rung[];
  /** Program of all rungs but the last; it builds what `LAYERS` names, by commas: the rungs up to its own. */
  run: string[];
  /** Port of the first rung; the others follow. */
  port: number;
  /** Settings of all rungs. */
  env?: Record<string, string>;
}

/** All rungs at once on the same data, beside the stage's other boxes; the last one is the stage's app as it is started. */
export function ladderTopology(stage: Topology, { rungs, run, port, env = {} }: LadderBoxes): Topology {
  const { app, ...others } = stage.boxes as Record<string, Box>;
  const boxOf = ({ name }: Rung, place: number): [string, Box] => {
    const layers = rungs.slice(0, place + 1).map((rung) => rung.name);
    const isShipped = place === rungs.length - 1;
    const own = { PORT: `\${port:${name}}`, ...(!isShipped && { LAYERS: layers.join(',') }) };
    const box = { ...(app as Box), env: { ...app?.env, ...env, ...own }, port: port + place };
    return [name, isShipped ? box : { ...box, run }];
  };
  return defineTopology({
    ...stage,
    variant: 'ladder',
    door: rungs.at(-1)?.name as string,
    boxes: { ...others, ...Object.fromEntries(rungs.map(boxOf)) },
  });
}
