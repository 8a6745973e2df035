import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allStages, loadTopology, stageMap, type Topology } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { textLines } from '../src/pictures/text-lines.ts';
import { wayOfPost } from '../src/pictures/way.ts';
import { ROOT } from '../src/root.ts';

const box = (role: string, ...told: string[]) => ({ role, run: ['node', ...told], port: 3000 });
const topology = {
  stage: 'stage-9',
  door: 'edge-a',
  places: ['near', 'far'],
  links: {
    near: { from: 'near', to: 'edge-a', port: 1 },
    far: { from: 'far', to: 'edge-b', port: 2, rttMs: 10 },
    'b-a': { from: 'edge-b', to: 'edge-a', port: 3, rttMs: 200 },
  },
  boxes: {
    'edge-a': box('edge', '${port:nginx}'),
    'edge-b': box('edge', '${link:b-a}'),
    nginx: box('nginx', '${servers:app}'),
    app: box('app', '${port:cache}', '${port:db-1},${port:db-2}', '${port:self}'),
    cache: box('cache'),
    db: box('postgres'),
  },
} as Topology;

describe('the map of a stage', () => {
  it('connects a box to those that it is told of, over a link or as one of several', () => {
    const { connections } = stageMap(topology, '.');
    expect(connections.map(({ from, to }) => `${from} ${to}`)).toEqual([
      ...['near edge-a', 'far edge-b', 'edge-a nginx', 'edge-b edge-a', 'nginx app', 'app cache', 'app db'],
    ]);
    expect(connections.find(({ from }) => from === 'edge-b')?.rttMs).toBe(200);
  });

  it('shows the way of a post from who is farthest to the database', () => {
    const way = wayOfPost(stageMap(topology, '.'));
    expect(way.map(({ to }) => to)).toEqual(['edge-b', 'edge-a', 'nginx', 'app', 'cache', 'db']);
  });
});

describe('a picture', () => {
  it.each(allStages(ROOT))('names every box of $name', async ({ name, folder }) => {
    const { boxes } = (await loadTopology(join(folder, 'src/topology.ts'))).topology;
    const svg = readFileSync(`${ROOT}/docs/pictures/${name}.svg`, 'utf8');
    expect(
      Object.keys(boxes).filter(
        (one) => !svg.includes(`>${one}<`) && !svg.includes(`${one} `) && !svg.includes(` ${one}`),
      ),
    ).toEqual([]);
  });

  it('breaks what it says into lines that fit', () => {
    const lines = textLines('one two three four five six seven', 62);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(10);
    expect(lines.join(' ')).toBe('one two three four five six seven');
  });
});
