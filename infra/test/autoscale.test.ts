import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Box, Topology } from '../src/index.ts';
import { replicatedTopology } from './fixtures/replicated.ts';
import { askUntil, replicatedRig } from './fixtures/replicated-rig.ts';
import { day90, eventually, saveTopology } from './fixtures/workspace.ts';

const rig = replicatedRig();

/** What all boxes say of their places: so many of a hundred are taken. */
const sayTaken = (percent: number) =>
  writeFileSync(
    join(rig.workspace.folder, 'gauge'),
    `# TYPE taken gauge\ntaken{kind="read"} ${percent / 100 - 0.01}\ntaken{kind="write"} 0.01\ntaken_other 1000\n`,
  );

async function scaledTopology(): Promise<Topology> {
  const { folder } = rig.workspace;
  const topology = await replicatedTopology(folder, { env: { GAUGE: join(folder, 'gauge') } });
  const app = topology.boxes.app as Box;
  if (!app.replicas) throw new Error('the fixture has replicas');
  app.replicas.scaling = {
    cpu: 0.9,
    concurrency: { target: 0.1, gauge: 'taken', port: 'main' },
    budget: 0.5,
    bounds: { least: 3, most: 20 },
    warmUpSeconds: 0,
    coolDownSeconds: 0.5,
    shrinkAfterSeconds: 2,
  };
  return topology;
}

describe('boxes that follow their load', () => {
  it('become more when requests pile up and fewer when they have gone, without a failed request', async () => {
    sayTaken(9);
    const instance = await rig.up({ autoscale: { least: 2, most: 4 } }, await scaledTopology());
    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);

    const more = await askUntil(
      instance.url,
      (async () => {
        sayTaken(100);
        await eventually(() => rig.upstream()?.length === 4, 'four boxes are at work', 20_000);
      })(),
    );
    expect(more.failed).toBe(0);
    expect(rig.lines).toContainEqual(expect.stringMatching(/^app: 2 → 4 boxes \(.*100 % of their places taken\)$/));

    sayTaken(1);
    const fewer = await askUntil(
      instance.url,
      eventually(() => instance.boxesOf('app').length === 2, 'two boxes are left', 20_000),
    );
    expect(fewer.failed).toBe(0);
    expect(rig.upstream()).toHaveLength(2);
  });

  it('have the budget they are scaled with, where budgets can be had', async () => {
    const instance = await rig.up({ autoscale: { least: 2, most: 4 } }, await scaledTopology());
    const { boxes, budgets } = instance.ready;
    const shares = boxes.flatMap(({ role, cpuLimit }) => (role === 'app' ? [cpuLimit] : []));
    expect(shares).toEqual(budgets === 'none' ? [undefined, undefined] : [0.5, 0.5]);
  });

  it('say why there can be no more, and serve on', async () => {
    const topology = await scaledTopology();
    const { app } = topology.boxes as { app: Box };
    const once: Topology = {
      ...topology,
      boxes: { ...topology.boxes, app: { ...app, env: { ...app.env, DIES_AS: 'app-3' } } },
    };
    sayTaken(100);
    const instance = await rig.up({ autoscale: { least: 2, most: 3 } }, once);
    const refused = () =>
      rig.lines.filter((line) => line.startsWith('app: still 2 boxes: box app-3 ended before it was ready'));
    await eventually(() => refused().length > 0, 'it is told', 20_000);
    expect((await fetch(`${instance.url}/readyz`)).status).toBe(200);
    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);
  });
});

describe('bounds', () => {
  it.each([
    [{ least: 6, most: 2 }, /^--autoscale 6\.\.2: the fewest come first, such as 2\.\.6$/],
    [{ least: 0, most: 3 }, /^0 boxes of app: 1 to 4 are possible, since fewer could not answer for it$/],
    [{ least: 2, most: 9 }, /^9 boxes of app: 1 to 4 are possible, for which its topology keeps ports/],
  ])('%j are refused', async (autoscale, line) => {
    await expect(rig.up({ autoscale }, await scaledTopology())).rejects.toThrow(line);
  });

  it('are those of the topology where none are given, as far as it has ports', async () => {
    const instance = await rig.up({ autoscale: true }, await scaledTopology());
    expect(instance.boxesOf('app')).toHaveLength(3);
  });

  it('need a box that says what it is scaled by', async () => {
    await expect(rig.up({ autoscale: true })).rejects.toThrow(
      /^--autoscale: no box of stage-1 has replicas whose number could follow its load$/,
    );
  });

  it.each([
    ['6..2', '--autoscale 6..2: the fewest come first, such as 2..6'],
    ['two', 'Two whole numbers are needed, such as 2..6'],
  ])('are read from the command line: %s is refused in one line', async (bounds, line) => {
    const file = saveTopology(rig.workspace.folder, await scaledTopology());
    const cli = day90(rig.workspace.folder, ['start', file, '--autoscale', bounds]);
    expect(await cli.exited).toBe(1);
    expect(cli.output().trim().split('\n')).toEqual([expect.stringContaining(line)]);
  });
});
