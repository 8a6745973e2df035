import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Box, control } from '../src/index.ts';
import { portsInARow, replicatedTopology } from './fixtures/replicated.ts';
import { answeredBy, askUntil, replicatedRig } from './fixtures/replicated-rig.ts';
import { eventually } from './fixtures/workspace.ts';

const rig = replicatedRig();

describe('scale', () => {
  it('gives new boxes work once they are ready, and takes it from those that go, without a failed request', async () => {
    const instance = await rig.up();
    const more = await askUntil(instance.url, instance.scale('app', 4));
    expect(more.failed).toBe(0);
    expect(rig.readyBoxes()).toEqual(['store', 'app-1', 'app-2', 'web', 'app-3', 'app-4']);
    expect(rig.upstream()).toHaveLength(4);
    await eventually(async () => (await answeredBy(instance.url)) === 'app-4', 'app-4 is asked');

    const fewer = await askUntil(instance.url, instance.scale('app', 1));
    expect(fewer.failed).toBe(0);
    expect(rig.readyBoxes()).toEqual(['store', 'app-1', 'web']);
    expect(rig.upstream()).toHaveLength(1);
    expect(rig.lines).toContain('app-4 has ended (exit code 0)');
  });

  it('leaves everything as it was when a new box does not start', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    const instance = await rig.up({ env: { app: { DIES_AS: 'app-3' } } }, topology);
    await expect(instance.scale('app', 4)).rejects.toThrow(/^box app-3 ended before it was ready/);
    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);
    expect(rig.upstream()).toHaveLength(2);
    await expect(fetch(`http://127.0.0.1:${Number(topology.boxes.app?.port) + 3}`)).rejects.toThrow();
    await instance.scale('app', 1);
    expect(instance.boxesOf('app')).toEqual(['app-1']);
  });

  it.each([4, 1])(
    'to %d leaves everything as it was when nginx can not be told, and says so in one line',
    async (count) => {
      const topology = await replicatedTopology(rig.workspace.folder);
      const { web, ...others } = topology.boxes;
      const files = { ...web?.files, 'z.conf': 'z.conf' };
      writeFileSync(join(rig.workspace.folder, 'z.conf'), '');
      const instance = await rig.up({}, { ...topology, boxes: { ...others, web: { ...web, files } as Box } });
      const pids = instance.boxesOf('app').map((name) => instance.box(name).pid);
      rmSync(join(rig.workspace.folder, 'z.conf'));
      await expect(instance.scale('app', count)).rejects.toThrow(
        /^the files of box web can't be written anew \(.*no template z\.conf.*\); at work are app-1, app-2, as before$/,
      );
      expect(instance.boxesOf('app').map((name) => instance.box(name).pid)).toEqual(pids);
      expect(rig.readyBoxes()).toEqual(['store', 'app-1', 'app-2', 'web']);
      writeFileSync(join(rig.workspace.folder, 'z.conf'), '');
      await control(rig.workspace.root, 'stage-1', { do: 'reload', box: 'web' });
      expect(rig.upstream()).toHaveLength(2);
      await instance.scale('app', 3);
      expect(rig.upstream()).toHaveLength(3);
      expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2', 'app-3']);
    },
  );

  it('is kept where boxes hold data of their own: the next start has as many, and none is ever taken away', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    const { replicas } = topology.boxes.app ?? {};
    if (!replicas) throw new Error('the fixture has replicas');
    replicas.kept = true;
    const first = await rig.up({}, topology);
    await first.scale('app', 3);
    await expect(first.scale('app', 2)).rejects.toThrow('2 boxes of app: there are 3, and each holds data of its own');
    await first.stop();
    const second = await rig.up({}, topology);
    expect(second.boxesOf('app')).toEqual(['app-1', 'app-2', 'app-3']);
  });

  it('leaves alone who reads nothing of it: connections that were idle stay open', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    const { app } = topology.boxes as { app: Box };
    const { replicas } = app as { replicas: NonNullable<Box['replicas']> };
    const side = { ...app, port: await portsInARow(2), replicas: { ...replicas, count: 1, most: 2 } };
    const instance = await rig.up({}, { ...topology, boxes: { ...topology.boxes, side } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const portOfMine = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const asked = get(`${instance.url}/env`, { agent }, (answer) => {
          const { localPort } = answer.socket;
          answer.resume().once('end', () => resolve(localPort));
        });
        asked.once('error', reject);
      });
    const before = await portOfMine();
    await instance.scale('side', 2);
    await sleep(300);
    expect(await portOfMine()).toBe(before);
    await instance.scale('app', 3);
    // A connection that nginx closes under a request is asked for again.
    await eventually(async () => (await portOfMine().catch(() => before)) !== before, 'its worker was replaced');
    agent.destroy();
  });

  it('says the bounds through the control socket, and what it does on the way', async () => {
    await rig.up();
    const ask = (request: object, say?: (line: string) => void) =>
      control(rig.workspace.root, 'stage-1', request as never, say);
    await expect(ask({ do: 'scale', count: 0 })).rejects.toThrow('0 boxes of app: 1 to 4 are possible, since fewer');
    await expect(ask({ do: 'scale', count: 99 })).rejects.toThrow('99 boxes of app: 1 to 4 are possible, for which');
    await expect(ask({ do: 'scale', count: 2, box: 'web' })).rejects.toThrow(
      'web has no replicas; boxes with replicas: app',
    );
    await expect(ask({ do: 'reload', box: 'app' })).rejects.toThrow("box app can't read its files anew");
    const said: string[] = [];
    const { boxes } = await ask({ do: 'scale', count: 3 }, (line) => said.push(line));
    expect(said).toEqual([expect.stringMatching(/^app-3 ready in /)]);
    expect((boxes as { box: string }[]).map(({ box }) => box)).toContain('app-3');
  });
});

describe('reload', () => {
  it('has a box read its files as their templates are now, in the process it is', async () => {
    const instance = await rig.up();
    const { pid } = instance.box('web');
    const template = join(rig.workspace.folder, 'nginx.conf');
    writeFileSync(
      template,
      readFileSync(template, 'utf8').replace('location / {', 'location = /new { return 204; }\n$&'),
    );
    await control(rig.workspace.root, 'stage-1', { do: 'reload', box: 'web' });
    await eventually(async () => (await fetch(`${instance.url}/new`)).status === 204, 'nginx has the new location');
    expect(instance.box('web').pid).toBe(pid);
  });
});

describe('roll', () => {
  it('puts a new process in the place of each, one after the other, without a failed request', async () => {
    // nginx counts whole seconds: a box that failed is asked again after up to two.
    const instance = await rig.up({}, await replicatedTopology(rig.workspace.folder, {}, 2200));
    const before = instance.boxesOf('app').map((name) => instance.box(name).pid);
    const web = instance.box('web').pid;
    const { failed } = await askUntil(instance.url, instance.roll('app'));
    expect(failed).toBe(0);
    const after = instance.boxesOf('app').map((name) => instance.box(name).pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(instance.box('web').pid).toBe(web);
    expect(rig.lines.filter((line) => line.includes('was ended'))).toEqual([
      expect.stringMatching(/^app-1 was ended and is back after .* \(1 of 2\)$/),
      expect.stringMatching(/^app-2 was ended and is back after .* \(2 of 2\)$/),
    ]);
    expect(
      JSON.parse(readFileSync(join(rig.workspace.root, '.run', 'stage-1', 'ready.json'), 'utf8')).boxes[1].pid,
    ).toBe(after[0]);
  });

  it('stops at a box that does not end by itself', async () => {
    const topology = await replicatedTopology(rig.workspace.folder, { env: { STUBBORN: '1' }, stopTimeoutMs: 300 });
    const instance = await rig.up({}, topology);
    const second = instance.box('app-2').pid;
    await expect(instance.roll('app')).rejects.toThrow(
      'box app-1 did not end by itself with exit code 0: killed by SIGKILL; the roll stopped at 1 of 2',
    );
    expect(instance.box('app-2').pid).toBe(second);
    await eventually(() => rig.lines.some((line) => line.startsWith('app-1 is back')), 'app-1 is back');
  });

  it('waits for a change that is under way', async () => {
    const instance = await rig.up();
    const order: string[] = [];
    await Promise.all([
      instance.scale('app', 3).then(() => order.push('scaled')),
      instance.roll('app').then(() => order.push('rolled')),
    ]);
    expect(order).toEqual(['scaled', 'rolled']);
    const waiting = () => rig.lines.filter((line) => line === 'waiting for another change of this instance to end');
    expect(waiting()).toHaveLength(1);
    await instance.scale('app', 2);
    expect(waiting()).toHaveLength(1);
    expect(rig.lines.filter((line) => line.includes('was ended'))).toHaveLength(3);
  });

  it('gives up when the instance is ended meanwhile, and leaves nothing', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    const instance = await rig.up({}, topology);
    const rolled = expect(instance.roll('app')).rejects.toThrow(/being ended/);
    await instance.stop();
    await rolled;
    for (const port of [0, 1].map((i) => Number(topology.boxes.app?.port) + i))
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });
});

describe('set', () => {
  const set = (numbers: Record<string, number>) => control(rig.workspace.root, 'stage-1', { do: 'set', numbers });

  it('gives a number another value, and has who reads it read it anew without a failed request', async () => {
    const instance = await rig.up();
    expect(rig.connections()).toBe(512);
    const seen = await askUntil(instance.url, set({ connections: 128 }));
    expect(seen.failed).toBe(0);
    expect(rig.connections()).toBe(128);
    await instance.scale('app', 3);
    expect(rig.connections()).toBe(128);
  });

  it.each([
    [{ connections: 15 }, 'stage-1: --connections 15: a whole number from 16 to 1024'],
    [{ connections: 32, balance: 1 }, 'stage-1: no number balance; numbers: connections'],
    [{ toString: 1 }, 'stage-1: no number toString; numbers: connections'],
  ])('refuses %j in one line and changes nothing', async (numbers, message) => {
    await rig.up();
    await expect(set(numbers)).rejects.toThrow(message);
    expect(rig.connections()).toBe(512);
  });

  it('takes the number back when a box can not be told', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    await rig.up({}, topology);
    rmSync(join(rig.workspace.folder, 'nginx.conf'));
    await expect(set({ connections: 128 })).rejects.toThrow(/no template nginx\.conf.*; all numbers are as before$/);
    writeFileSync(
      join(rig.workspace.folder, 'nginx.conf'),
      readFileSync(join(rig.workspace.root, '.run', 'stage-1', 'conf', 'web', 'nginx.conf'), 'utf8').replace(
        /worker_connections \d+/,
        'worker_connections ${option:connections}',
      ),
    );
    await control(rig.workspace.root, 'stage-1', { do: 'reload', box: 'web' });
    expect(rig.connections()).toBe(512);
  });
});
