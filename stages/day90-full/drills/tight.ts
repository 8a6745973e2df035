import type { Box, Topology } from '@day90/infra';

/** Share of a core that an app box has here, as at the stage itself: three are overloaded by what one machine can send beside all else. */
export const TIGHT_CPU = 0.2;

const WATCH = ['exporter', 'notices', 'alertmanager', 'prometheus'];

/** Only the app boxes have budgets: it is they who are to be full. Nobody watches, since an app of an earlier stage has nothing to tell. */
export function tightly({ boxes, hello = [], ...stage }: Topology): Topology {
  const unbound = Object.entries(boxes)
    .filter(([name]) => !WATCH.includes(name))
    .map(([name, { cpu: _free, ...box }]) => [name, box as Box] as const);
  const app: Box = { ...(boxes.app as Box), cpu: TIGHT_CPU };
  const isThere = (line: string) => !WATCH.some((name) => line.includes(`:${name}}`));
  return { ...stage, hello: hello.filter(isThere), boxes: { ...Object.fromEntries(unbound), app } };
}
