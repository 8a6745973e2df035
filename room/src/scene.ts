import {
  allStages,
  BadInput,
  instanceNames,
  instanceState,
  type ReadyFile,
  stageMap,
  type Topology,
  topologiesOf,
} from '@day90/infra';
import { possibleActions } from './possible-actions.ts';
import type { Scene } from './snapshot.ts';

/**
 * Which instance is meant: the named one, or the only one that is up.
 * @throws {BadInput} When it is not up, or more than one could be meant.
 */
export function upInstance(workspace: string, named: string | undefined): ReadyFile {
  const up = instanceNames(workspace).flatMap((name) => {
    const found = instanceState(workspace, name);
    return found.state === 'up' ? [found.ready] : [];
  });
  const names = up.map(({ instance }) => instance).join(', ');
  if (up.length === 0)
    throw new BadInput('nothing is up; `npx -y pnpm --filter stage-1 start` starts the first stage', {
      code: 'D90-NOT-UP',
    });
  if (named === undefined && up.length > 1) throw new BadInput(`the room of which run? One of ${names}`);
  const ready = named === undefined ? up[0] : up.find(({ instance }) => instance === named);
  if (!ready) throw new BadInput(`${JSON.stringify(named)} is not up; there is ${names}`, { code: 'D90-NOT-UP' });
  return ready;
}

/**
 * What there is to draw of an instance.
 * @throws {BadInput} When its topology is none of a stage here.
 */
export async function sceneOf(workspace: string, ready: ReadyFile): Promise<Scene> {
  const stage = allStages(workspace).find(({ name }) => name === ready.stage);
  const topology = stage && (await topologiesOf(stage)).find(({ variant }) => variant === ready.variant);
  if (!stage || !topology)
    throw new BadInput(`${ready.instance} runs no topology of a stage here: there is nothing to draw`);
  const { marks, connections } = stageMap(topology, stage.folder);
  const rtts = new Map(ready.links.map(({ from, to, rttMs }) => [`${from} ${to}`, rttMs]));
  return {
    ...{ instance: ready.instance, stage: ready.stage, url: ready.url, door: topology.door },
    doors: doorsOf(ready, topology),
    doorBoxes: doorBoxesOf(topology),
    lacksBudgets: ready.budgets === 'none' && Object.values(topology.boxes).some(({ cpu }) => cpu !== undefined),
    marks: marks.map(({ name, kind, program }) => {
      const { least, most } = topology.boxes[name]?.replicas ?? {};
      return {
        ...{ name, kind, ...possibleActions(topology, name) },
        ...(program && { program }),
        ...(least !== undefined && { least }),
        ...(most !== undefined && { most }),
      };
    }),
    // As they are in this run: `start --db-rtt` sets another round trip than the topology's.
    connections: connections.map(({ from, to, rttMs }) => {
      const rtt = rtts.get(`${from} ${to}`) ?? rttMs ?? 0;
      return { from, to, ...(rtt > 0 && { rttMs: rtt }) };
    }),
  };
}

/** Where visitors come in, by where they are: the nearest edge where there are some. */
function doorsOf(
  { url, links }: ReadyFile,
  { places = ['visitors'], links: wanted = {} }: Topology,
): Record<string, string> {
  return Object.fromEntries(
    places.map((place) => {
      const port = links.find(({ from, to }) => from === place && to === wanted[place]?.to)?.port;
      return [place, port ? `http://127.0.0.1:${port}` : url];
    }),
  );
}

function doorBoxesOf({ door, places = ['visitors'], links = {} }: Topology): Record<string, string> {
  return Object.fromEntries(places.map((place) => [place, links[place]?.to ?? door]));
}

/** Where a visitor comes in who sees what is done to a box: at that box, where it is a door itself. */
export function doorNear(box: string, { doors, doorBoxes, url }: Scene): string {
  const place = Object.keys(doors).find((name) => doorBoxes[name] === box);
  return doors[place ?? ''] ?? url;
}
