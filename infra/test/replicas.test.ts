import { describe, expect, it } from '@jest/globals';
import type { LaunchOptions } from '../src/index.ts';
import { freePorts } from '../src/ports.ts';
import { replicatedTopology } from './fixtures/replicated.ts';
import { answeredBy, askUntil, replicatedRig } from './fixtures/replicated-rig.ts';
import { eventually } from './fixtures/workspace.ts';

const rig = replicatedRig();

describe('replicas', () => {
  it('have names, ports and logs of their own, and a line each in the templates of others', async () => {
    const topology = await replicatedTopology(rig.workspace.folder);
    const instance = await rig.up({}, topology);
    const first = Number(topology.boxes.app?.port);

    expect(instance.boxesOf('app')).toEqual(['app-1', 'app-2']);
    expect(instance.boxesOf('web')).toEqual(['web']);
    expect([instance.box('app-1').port, instance.box('app-2').port]).toEqual([first, first + 1]);
    expect(rig.upstream()).toEqual([
      `server 127.0.0.1:${first} max_fails=1 fail_timeout=1s;`,
      `server 127.0.0.1:${first + 1} max_fails=1 fail_timeout=1s;`,
    ]);
    expect(instance.ready.boxes.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'store store',
      'app-1 app',
      'app-2 app',
      'web proxy',
    ]);
    expect(rig.lines.findIndex((line) => line.startsWith('web'))).toBe(3);
    expect(() => instance.box('app')).toThrow('no box app; boxes: store, app-1, app-2, web');
  });

  it('take settings for all and for one, and a count of their own', async () => {
    const instance = await rig.up({
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
    [{ options: { connections: '1e2' } }, /^--connections 1e2: a whole number from 16 to 1024$/],
    [{ options: { connections: '1025' } }, /^--connections 1025: a whole number from 16 to 1024$/],
    [{ options: { speed: '1' } }, /^no option speed; options: balance, store-rtt, connections$/],
  ])('are refused with %j', async (options, message) => {
    await expect(rig.up(options)).rejects.toThrow(message);
  });
});

describe('options of a topology', () => {
  it('put their values into templates', async () => {
    const instance = await rig.up({ options: { balance: 'weighted' }, replicas: { app: 3 } });
    expect(rig.upstream()?.map((line) => line.includes('weight=3'))).toEqual([true, false, false]);
    const asked = await Promise.all(Array.from({ length: 50 }, () => answeredBy(instance.url)));
    expect(asked.filter((box) => box === 'app-1')).toHaveLength(30);
  });

  it('put numbers into templates', async () => {
    await rig.up({ options: { connections: '100' } });
    expect(rig.connections()).toBe(100);
  });

  it('put a delay into a link, which is a box then', async () => {
    const instance = await rig.up({ options: { 'store-rtt': '40ms' } });
    expect(instance.ready.links).toEqual([{ from: 'app', to: 'store', rttMs: 40, port: expect.any(Number) }]);
    expect(instance.ready.boxes[0]).toMatchObject({ name: 'links', role: 'link' });
    const env = (await (await fetch(`${instance.url}/env`)).json()) as { STORE: string };
    expect(Number(env.STORE)).toBe(instance.box('links').port);
    const began = performance.now();
    expect((await fetch(`http://127.0.0.1:${env.STORE}/readyz`)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(39);
  });

  it('put a delay into one link and none into the one before it', async () => {
    const shipped = await replicatedTopology(rig.workspace.folder);
    const [port = 0] = await freePorts(1);
    const far = { from: 'far', to: 'web', port, rttMs: 20 };
    const topology = {
      ...shipped,
      places: ['far'],
      links: { ...shipped.links, far },
      hello: ['From far away: ${link:far}'],
    };
    const instance = await rig.up({}, topology);
    expect(instance.box('links').port).toBe(port);
    const began = performance.now();
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(19);
  });

  it('lead straight to the box without one', async () => {
    const instance = await rig.up();
    const env = (await (await fetch(`${instance.url}/env`)).json()) as { STORE: string };
    expect(Number(env.STORE)).toBe(instance.box('store').port);
    const { port } = instance.box('store');
    expect(instance.ready.links).toEqual([{ from: 'app', to: 'store', rttMs: 0, port }]);
  });
});

describe('a proxy whose master is killed', () => {
  it('comes back on its port, its workers gone', async () => {
    const instance = await rig.up();
    const { pid } = instance.box('web');
    instance.signal('web', 'SIGKILL');
    await eventually(() => rig.lines.some((line) => line.startsWith('web is back')), 'web is back');
    expect(instance.box('web').pid).not.toBe(pid);
    expect(rig.lines).toContain('web ended (killed by SIGKILL); starting it again in 1 s (1 of 5)');
    expect(await answeredBy(instance.url)).toMatch(/^app-/);
  });
});

describe('a box', () => {
  it('is frozen and thawed with all its processes', async () => {
    const instance = await rig.up();
    instance.signal('web', 'SIGSTOP');
    await expect(fetch(instance.url, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    instance.signal('web', 'SIGCONT');
    expect(await answeredBy(instance.url)).toMatch(/^app-/);
  });

  it('has books, which add up all its processes', async () => {
    const instance = await rig.up();
    const before = instance.usage('web').cpuMicros;
    await askUntil(instance.url, new Promise((resolve) => setTimeout(resolve, 500)));
    expect(instance.usage('web').cpuMicros).toBeGreaterThan(before);
  });
});
