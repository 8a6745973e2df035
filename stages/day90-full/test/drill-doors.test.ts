import { fileURLToPath } from 'node:url';
import { type Box, defineTopology, type Instance, launch } from '@day90/infra';
import { afterEach, describe, expect, it } from '@jest/globals';
import { topology as patientDoors } from '../drills/patient-doors-topology.ts';
import { topology as tight } from '../drills/tight-topology.ts';
import { topology as unshed } from '../drills/unshed-topology.ts';

const OF_NGINX = ['balance', 'in-flight', 'public-reads'];
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

let instance: Instance | undefined;
afterEach(() => instance?.stop());

describe('nginx of drill', () => {
  it.each([
    ['34', tight],
    ['34, mutated,', unshed],
    ['33, mutated,', patientDoors],
  ])('%s starts, and leads to the boxes', async (_, { boxes, options = {} }) => {
    const { app, nginx } = boxes as Record<'app' | 'nginx', Box>;
    const ofNginx = Object.fromEntries(Object.entries(options).filter(([name]) => OF_NGINX.includes(name)));
    const held = { run: ['node', 'test/held-app.ts'], env: { BOX: '${box}', PORT: '${port:self}' }, after: [] };
    const door = defineTopology({
      ...{ stage: 'stage-7', variant: 'drill-door', door: 'nginx', options: ofNginx },
      boxes: { app: { ...app, ...held }, nginx },
    });
    instance = await launch(door, {
      ...{ folder: FOLDER, instance: `test-door-${process.pid}`, ports: 'free', quiet: true, throwAway: true },
      ...{ budgets: false, onProgress: () => {} },
    });
    const ask = (path: string, method = 'GET') => fetch(instance?.url + path, { method });
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/images', 'POST')).headers.get('x-served-by')).toMatch(/^app-/);
  });
});
