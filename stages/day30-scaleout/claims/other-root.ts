import { type Box, defineTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/**
 * The stage with another root for its app boxes, everything else as it is.
 * @param folder - Of the root, from the stage's folder; its last part names the variant.
 * @param place - The ports are moved by it, so that the variant can be started beside the stage and other variants.
 */
export function otherRoot(folder: string, place: number): Topology {
  const boxes = Object.entries(stage.boxes as Record<string, Box>).map(([name, box]): [string, Box] => [
    name,
    {
      ...box,
      port: moved(box.port as number, place),
      ...(box.role === 'app' && { run: ['node', `${folder}/main.ts`] }),
    },
  ]);
  const links = Object.entries(stage.links ?? {}).map(([name, link]) => [
    name,
    { ...link, port: moved(link.port, place) },
  ]);
  return defineTopology({
    ...stage,
    variant: folder.split('/').at(-1),
    boxes: Object.fromEntries(boxes),
    links: Object.fromEntries(links),
  });
}

/** By tens among the visitors' ports, by hundreds among the inner ones. */
function moved(port: number, place: number): number {
  return port + (port < 10_000 ? 10 : 100) * place;
}
