import type { Box, Topology } from '@day90/infra';

/** Share of a core that an app box has here: three are overloaded by what one machine can send beside all else. */
export const TIGHT_CPU = 0.1;

/** Only the app boxes have budgets: it is they who are to be full. */
export function tightBoxes(boxes: Topology['boxes']): Topology['boxes'] {
  const unbound = Object.entries(boxes).map(([name, { cpu: _free, ...box }]) => [name, box as Box] as const);
  return { ...Object.fromEntries(unbound), app: { ...(boxes.app as Box), cpu: TIGHT_CPU } };
}
