import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Box, control, type Instance, type LaunchOptions, launch, type Topology } from '../src/index.ts';
import { portsInARow, replicatedTopology } from './fixtures/replicated.ts';
import { eventually, makeWorkspace } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let running: Instance[];
let lines: string[];

beforeEach(() => {
  workspace = makeWorkspace();
  running = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.map((instance) => instance.stop()));
  workspace.remove();
});

async function up(options: Partial<LaunchOptions> = {}, topology?: Topology): Promise<Instance> {
  const quiet = { folder: workspace.folder, quiet: true, onProgress: (line: string) => lines.push(line) };
  const instance = await launch(topology ?? (await replicatedTopology(workspace.folder)), { ...quiet, ...options });
  running.push(instance);
  return instance;
}

const upstream = () =>
  readFileSync(join(workspace.root, '.run', 'stage-1', 'conf', 'web', 'nginx.conf'), 'utf8').match(/server 127.*;/g);
const readyBoxes = () =>
  JSON.parse(readFileSync(join(workspace.root, '.run', 'stage-1', 'ready.json'), 'utf8')).boxes.map(
    (box: { name: string }) => box.name,
  );

/** Which box answered, by `X-Served-By`'s forerunner in the tests: its environment. */
async function answeredBy(url: string): Promise<string> {
  const { BOX } = (await (await fetch(`${url}/env`, { headers: { connection: 'close' } })).json()) as { BOX: string };
  return BOX;
}

/** Asks in turn until `until` is over: how many requests failed, and who answered. */
async function askUntil(url: string, until: Promise<unknown>): Promise<{ failed: number; boxes: Set<string> }> {
  const result = { failed: 0, boxes: new Set<string>() };
  let over = false;
  void until.finally(() => {
    over = true;
  });
  while (!over) {
    await answeredBy(url).then(
      (box) => result.boxes.add(box),
      () => {
        result.failed += 1;
      },
    );
  }
  return result;
}

describe('replicas', () => {
  it('have names, ports and logs of their own, and a line each in the templates of others', async () => {
    const topology = await replicatedTopology(workspace.folder);
    const instance = await up({}, topology);
    const first = Number(topology.boxes.app?.port);

    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);
    expect(instance.boxesOf('web')).toEqual(['web']);
    expect([instance.box('app-1').port, instance.box('app-2').port]).toEqual([first, first + 1]);
    expect(upstream()).toEqual([
      `server 127.0.0.1:${first} max_fails=1 fail_timeout=1s;`,
      `server 127.0.0.1:${first + 1} max_fails=1 fail_timeout=1s;`,
    ]);
    expect(instance.ready.boxes.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'store store',
      'app-1 app',
      'app-2 app',
      'web proxy',
    ]);
    expect(lines.findIndex((line) => line.startsWith('web'))).toBe(3);
    expect(() => instance.box('app')).toThrow('no box app; boxes: store, app-1, app-2, web');
  });

  it('take settings for all and for one, and a count of their own', async () => {
    const instance = await up({
      replicas: { app: 3 },
      env: { app: { A: 'all' }, 'app-2': { A: 'one' } },
      ports: 'free',
    });
    const envs = await Promise.all(
      instance.boxesOf('app').map(async (name) => {
        const answer = await fetch(`http://127.0.0.1:${instance.box(name).port}/env`);
        return ((await answer.json()) as { A: string }).A;
      }),
    );
    expect(envs).toEqual(['all', 'one', 'all']);
  });

  it.each<[Partial<LaunchOptions>, RegExp]>([
    [
      { replicas: { app: 5 } },
      /^5 boxes of app: 1 to 4 are possible, for which its topology keeps ports \(\d+ to \d+\)$/,
    ],
    [{ replicas: { web: 2 } }, /^box web has no replicas: there is one of it$/],
    [{ replicas: { wbe: 2 } }, /^no box wbe; boxes: store, app, web$/],
    [{ env: { 'app-3': {} } }, /^settings for box app-3: boxes are store, app-1, app-2, web$/],
    [{ options: { balance: 'foo' } }, /^--balance foo: allowed are least-conn, round-robin, weighted$/],
    [{ options: { 'store-rtt': '-1' } }, /^--store-rtt -1: a round-trip time from 0 to 1000 ms, such as 10ms$/],
    [{ options: { 'store-rtt': '1001' } }, /^--store-rtt 1001: a round-trip time from 0 to 1000 ms/],
    [{ options: { speed: '1' } }, /^no option speed; options: balance, store-rtt$/],
  ])('are refused with %j', async (options, message) => {
    await expect(up(options)).rejects.toThrow(message);
  });
});

describe('options of a topology', () => {
  it('put their values into templates', async () => {
    const instance = await up({ options: { balance: 'weighted' }, replicas: { app: 3 } });
    expect(upstream()?.map((line) => line.includes('weight=3'))).toEqual([true, false, false]);
    const asked = await Promise.all(Array.from({ length: 50 }, () => answeredBy(instance.url)));
    expect(asked.filter((box) => box === 'app-1')).toHaveLength(30);
  });

  it('put a delay into a link, which is a box then', async () => {
    const instance = await up({ options: { 'store-rtt': '40ms' } });
    expect(instance.ready.links).toEqual([{ from: 'app', to: 'store', rttMs: 40, port: expect.any(Number) }]);
    expect(instance.ready.boxes[0]).toMatchObject({ name: 'links', role: 'link' });
    const env = (await (await fetch(`${instance.url}/env`)).json()) as { STORE: string };
    expect(Number(env.STORE)).toBe(instance.box('links').port);
    const began = performance.now();
    expect((await fetch(`http://127.0.0.1:${env.STORE}/readyz`)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(39);
  });

  it('lead straight to the box without one', async () => {
    const instance = await up();
    const env = (await (await fetch(`${instance.url}/env`)).json()) as { STORE: string };
    expect(Number(env.STORE)).toBe(instance.box('store').port);
    const { port } = instance.box('store');
    expect(instance.ready.links).toEqual([{ from: 'app', to: 'store', rttMs: 0, port }]);
  });
});

describe('scale', () => {
  it('gives new boxes work once they are ready, and takes it from those that go, without a failed request', async () => {
    const instance = await up();
    const more = await askUntil(instance.url, instance.scale('app', 4));
    expect(more.failed).toBe(0);
    expect(readyBoxes()).toEqual(['store', 'app-1', 'app-2', 'web', 'app-3', 'app-4']);
    expect(upstream()).toHaveLength(4);
    await eventually(async () => (await answeredBy(instance.url)) === 'app-4', 'app-4 is asked');

    const fewer = await askUntil(instance.url, instance.scale('app', 1));
    expect(fewer.failed).toBe(0);
    expect(readyBoxes()).toEqual(['store', 'app-1', 'web']);
    expect(upstream()).toHaveLength(1);
    expect(lines).toContain('app-4 has ended (exit code 0)');
  });

  it('leaves everything as it was when a new box does not start', async () => {
    const topology = await replicatedTopology(workspace.folder);
    const instance = await up({ env: { app: { DIES_AS: 'app-3' } } }, topology);
    await expect(instance.scale('app', 4)).rejects.toThrow(/^box app-3 ended before it was ready/);
    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);
    expect(upstream()).toHaveLength(2);
    await expect(fetch(`http://127.0.0.1:${Number(topology.boxes.app?.port) + 3}`)).rejects.toThrow();
    await instance.scale('app', 1);
    expect(instance.boxesOf('app')).toEqual(['app-1']);
  });

  it.each([4, 1])(
    'to %d leaves everything as it was when nginx can not be told, and says so in one line',
    async (count) => {
      const topology = await replicatedTopology(workspace.folder);
      const { web, ...others } = topology.boxes;
      const files = { ...web?.files, 'z.conf': 'z.conf' };
      writeFileSync(join(workspace.folder, 'z.conf'), '');
      const instance = await up({}, { ...topology, boxes: { ...others, web: { ...web, files } as Box } });
      const pids = instance.boxesOf('app').map((name) => instance.box(name).pid);
      rmSync(join(workspace.folder, 'z.conf'));
      await expect(instance.scale('app', count)).rejects.toThrow(
        /^the files of box web can't be written anew \(.*no template z\.conf.*\); at work are app-1, app-2, as before$/,
      );
      expect(instance.boxesOf('app').map((name) => instance.box(name).pid)).toEqual(pids);
      expect(readyBoxes()).toEqual(['store', 'app-1', 'app-2', 'web']);
      writeFileSync(join(workspace.folder, 'z.conf'), '');
      await control(workspace.root, 'stage-1', { do: 'reload', box: 'web' });
      expect(upstream()).toHaveLength(2);
      await instance.scale('app', 3);
      expect(upstream()).toHaveLength(3);
      expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2', 'app-3']);
    },
  );

  it('is kept where boxes hold data of their own: the next start has as many, and none is ever taken away', async () => {
    const topology = await replicatedTopology(workspace.folder);
    const { replicas } = topology.boxes.app ?? {};
    if (!replicas) throw new Error('the fixture has replicas');
    replicas.kept = true;
    const first = await up({}, topology);
    await first.scale('app', 3);
    await expect(first.scale('app', 2)).rejects.toThrow('2 boxes of app: there are 3, and each holds data of its own');
    await first.stop();
    const second = await up({}, topology);
    expect(second.boxesOf('app')).toEqual(['app-1', 'app-2', 'app-3']);
  });

  it('leaves alone who reads nothing of it: connections that were idle stay open', async () => {
    const topology = await replicatedTopology(workspace.folder);
    const { app } = topology.boxes as { app: Box };
    const { replicas } = app as { replicas: NonNullable<Box['replicas']> };
    const side = { ...app, port: await portsInARow(2), replicas: { ...replicas, count: 1, most: 2 } };
    const instance = await up({}, { ...topology, boxes: { ...topology.boxes, side } });
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
    await sleep(300);
    expect(await portOfMine()).not.toBe(before);
    agent.destroy();
  });

  it('says the bounds through the control socket, and what it does on the way', async () => {
    await up();
    const ask = (request: object, say?: (line: string) => void) =>
      control(workspace.root, 'stage-1', request as never, say);
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
    const instance = await up();
    const { pid } = instance.box('web');
    const template = join(workspace.folder, 'nginx.conf');
    writeFileSync(
      template,
      readFileSync(template, 'utf8').replace('location / {', 'location = /new { return 204; }\n$&'),
    );
    await control(workspace.root, 'stage-1', { do: 'reload', box: 'web' });
    await eventually(async () => (await fetch(`${instance.url}/new`)).status === 204, 'nginx has the new location');
    expect(instance.box('web').pid).toBe(pid);
  });
});

describe('roll', () => {
  it('puts a new process in the place of each, one after the other, without a failed request', async () => {
    // nginx counts whole seconds: a box that failed is asked again after up to two.
    const instance = await up({}, await replicatedTopology(workspace.folder, {}, 2200));
    const before = instance.boxesOf('app').map((name) => instance.box(name).pid);
    const web = instance.box('web').pid;
    const { failed } = await askUntil(instance.url, instance.roll('app'));
    expect(failed).toBe(0);
    const after = instance.boxesOf('app').map((name) => instance.box(name).pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(instance.box('web').pid).toBe(web);
    expect(lines.filter((line) => line.includes('was ended'))).toEqual([
      expect.stringMatching(/^app-1 was ended and is back after .* \(1 of 2\)$/),
      expect.stringMatching(/^app-2 was ended and is back after .* \(2 of 2\)$/),
    ]);
    expect(JSON.parse(readFileSync(join(workspace.root, '.run', 'stage-1', 'ready.json'), 'utf8')).boxes[1].pid).toBe(
      after[0],
    );
  });

  it('stops at a box that does not end by itself', async () => {
    const topology = await replicatedTopology(workspace.folder, { env: { STUBBORN: '1' }, stopTimeoutMs: 300 });
    const instance = await up({}, topology);
    const second = instance.box('app-2').pid;
    await expect(instance.roll('app')).rejects.toThrow(
      'box app-1 did not end by itself with exit code 0: killed by SIGKILL; the roll stopped at 1 of 2',
    );
    expect(instance.box('app-2').pid).toBe(second);
    await eventually(() => lines.some((line) => line.startsWith('app-1 is back')), 'app-1 is back');
  });

  it('waits for a change that is under way', async () => {
    const instance = await up();
    const order: string[] = [];
    await Promise.all([
      instance.scale('app', 3).then(() => order.push('scaled')),
      instance.roll('app').then(() => order.push('rolled')),
    ]);
    expect(order).toEqual(['scaled', 'rolled']);
    const waiting = () => lines.filter((line) => line === 'waiting for another change of this instance to end');
    expect(waiting()).toHaveLength(1);
    await instance.scale('app', 2);
    expect(waiting()).toHaveLength(1);
    expect(lines.filter((line) => line.includes('was ended'))).toHaveLength(3);
  });

  it('gives up when the instance is ended meanwhile, and leaves nothing', async () => {
    const topology = await replicatedTopology(workspace.folder);
    const instance = await up({}, topology);
    const rolled = expect(instance.roll('app')).rejects.toThrow(/being ended/);
    await instance.stop();
    await rolled;
    for (const port of [0, 1].map((i) => Number(topology.boxes.app?.port) + i))
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });
});

describe('a proxy whose master is killed', () => {
  it('comes back on its port, its workers gone', async () => {
    const instance = await up();
    const { pid } = instance.box('web');
    instance.signal('web', 'SIGKILL');
    await eventually(() => lines.some((line) => line.startsWith('web is back')), 'web is back');
    expect(instance.box('web').pid).not.toBe(pid);
    expect(lines).toContain('web ended (killed by SIGKILL); starting it again in 1 s (1 of 5)');
    expect(await answeredBy(instance.url)).toMatch(/^app-/);
  });
});

describe('a box', () => {
  it('is frozen and thawed with all its processes', async () => {
    const instance = await up();
    instance.signal('web', 'SIGSTOP');
    await expect(fetch(instance.url, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    instance.signal('web', 'SIGCONT');
    expect(await answeredBy(instance.url)).toMatch(/^app-/);
  });

  it('has books, which add up all its processes', async () => {
    const instance = await up();
    const before = instance.usage('web').cpuMicros;
    await askUntil(instance.url, new Promise((resolve) => setTimeout(resolve, 500)));
    expect(instance.usage('web').cpuMicros).toBeGreaterThan(before);
  });
});
