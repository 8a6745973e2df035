import { describe, expect, it } from '@jest/globals';
import { portMap } from '../src/box-names.ts';
import { staticTargets } from '../src/box-settings.ts';
import { BadInput, defineTopology, instanceName, type Topology } from '../src/index.ts';
import { boxEnv, fillIn, secretNames } from '../src/placeholders.ts';

const box = { role: 'app', run: ['node', 'x.ts'], port: 3001 };
const topology = (boxes: Topology['boxes'], rest: Partial<Topology> = {}): Topology => ({
  stage: 'stage-1',
  door: 'app',
  boxes,
  ...rest,
});
const around = {
  instance: 'stage-1',
  data: '/run/data',
  logs: '/run/logs',
  ports: { app: { main: 3001 }, proxy: { http: 4000, admin: 4001 } },
  secrets: { session: 's3cret' },
  options: { balance: { chosen: 'weighted', values: { method: '', first: 'weight=3' } } },
  links: { db: 13090 },
  servers: (box: string) => (box === 'app' ? 'server 127.0.0.1:3001;' : undefined),
  targets: () => undefined,
  asked: new Set<string>(),
};

describe('defineTopology', () => {
  it('gives back a topology that is right', () => {
    const right = topology({ app: box });
    expect(defineTopology(right)).toBe(right);
  });

  it.each<[string, Topology, RegExp]>([
    ['a door that is no box', topology({ web: box }), /door: no box app \(boxes: web\)/],
    ['a door without a port', topology({ app: { role: 'app', run: ['node'] } }), /box app has no port/],
    ['an unknown box in after', topology({ app: { ...box, after: ['mial'] } }), /boxes\.app\.after: no box mial/],
    [
      'a circle of after',
      topology({ app: { ...box, after: ['b'] }, b: { ...box, port: 3002, after: ['app'] } }),
      /app → b → app is a circle/,
    ],
    ['an unknown key', topology({ app: { ...box, prot: 3 } as never }), /boxes\.app.*prot/],
    [
      'a link from nowhere',
      topology({ app: box }, { places: ['seoul'], links: { a: { from: 'soul', to: 'app', port: 4000 } } }),
      /links\.a: no box soul \(boxes: app\)/,
    ],
    [
      'a box that bears the name of all links',
      topology({ app: box, links: { ...box, port: 4001 } }, { links: { a: { from: 'app', to: 'app', port: 4000 } } }),
      /boxes\.links: is the name of the box that links lead through/,
    ],
    [
      'a number that is out of its own bounds',
      topology({ app: box }, { options: { most: { least: 2, most: 4, default: 5 } } }),
      /options\.most: least ≤ default ≤ most does not hold/,
    ],
    ['a port below 1024', topology({ app: { ...box, port: 80 } }), /boxes\.app\.port/],
  ])('names %s', (_, wrong, message) => {
    expect(() => defineTopology(wrong)).toThrow(message);
    expect(() => defineTopology(wrong)).toThrow(BadInput);
  });

  it('lets a link come from a place', () => {
    const links = { near: { from: 'seoul', to: 'app', port: 4000, rttMs: 10 } };
    expect(() => defineTopology(topology({ app: box }, { places: ['seoul'], links }))).not.toThrow();
  });

  it('gives each replica ports of its own, each by the name of the first one’s', () => {
    const port = { main: 3001, metrics: 3101 };
    const app = { ...box, port, replicas: { count: 1, least: 1, most: 2 } };
    expect(portMap(topology({ app }))).toEqual({ 'app-1': port, 'app-2': { main: 3002, metrics: 3102 } });
    const { port: _none, ...portless } = app;
    expect(() => defineTopology(topology({ web: box, app: portless }, { door: 'web' }))).toThrow(/needs a port/);
  });

  it('names an instance by stage and variant', () => {
    expect(instanceName(topology({ app: box }, { variant: 'naive' }))).toBe('stage-1-naive');
  });
});

describe('placeholders', () => {
  it('stand for ports, addresses, folders, names and secrets', () => {
    const env = {
      A: '127.0.0.1:${port:app}',
      B: '${port:proxy}/${port:proxy.admin}',
      C: '${url:proxy}',
      D: '${data}/x.sqlite ${logs}',
      E: '${secret:session} ${instance} ${box} ${conf}',
    };
    const inBox = { ...around, box: 'app', conf: '/run/conf/app' };
    expect(fillIn('${env:A}', 'box app: files', { ...inBox, env: { A: 'of the box' } })).toBe('of the box');
    expect(boxEnv(env, 'env', inBox)).toEqual({
      A: '127.0.0.1:3001',
      B: '4000/4001',
      C: 'http://127.0.0.1:4000',
      D: '/run/data/x.sqlite /run/logs',
      E: 's3cret stage-1 app /run/conf/app',
    });
  });

  it.each(['${prot:app}', '${port:web}', '${port:proxy.x}', '${env:A}', '${}', '${constructor}', '${port:__proto__}'])(
    'refuse %s with box, key and the allowed ones',
    (value) => {
      expect(() => fillIn(value, 'box app: env.PORT', around)).toThrow(
        /^box app: env\.PORT: unknown placeholder .*\$\{port:<box>\}.*app, proxy/,
      );
    },
  );

  it('stand for what Prometheus scrapes, one target for each replica', () => {
    const ports = { 'app-1': { main: 3001, metrics: 4001 }, 'app-2': { main: 3002, metrics: 4002 } };
    const targets = (_of: string, port?: string) => staticTargets(['app-1', 'app-2'], port, ports);
    const fill = (value: string) => fillIn(value, 'box prometheus: prometheus.yml', { ...around, targets });
    expect(JSON.parse(fill('${targets:app.metrics}'))).toEqual([
      { targets: ['127.0.0.1:4001'], labels: { instance: 'app-1' } },
      { targets: ['127.0.0.1:4002'], labels: { instance: 'app-2' } },
    ]);
    expect(fill('${targets:app}')).toContain('127.0.0.1:3002');
    expect(() => fill('${targets:app.metric}')).toThrow(
      'box prometheus: prometheus.yml: unknown placeholder ${targets:app.metric}',
    );
  });

  it('tell which secrets they ask for', () => {
    expect(secretNames(['${secret:a}-${secret:b}', '${secret:a}', 'x'])).toEqual(['a', 'b']);
  });
});
