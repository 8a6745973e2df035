import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Box, defineTopology, type Topology } from '@day90/infra';
import { eventually } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { visits } from 'stage-6/boxes';
import { topology as stage } from '../src/topology.ts';

const CLI = fileURLToPath(new URL('../../../infra/src/cli.ts', import.meta.url));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

interface Hop {
  box: string;
  text: string;
  afterMs: number;
  ms?: number;
}

/** The stage without what only watches it. */
const watching = ['exporter', 'prometheus', 'alertmanager', 'notices', 'board'];
const isKept = ([, { role }]: [string, Box]) => !watching.includes(role);
const boxes = Object.fromEntries(Object.entries(stage.boxes).filter(isKept)) as Topology['boxes'];
const topology = defineTopology({ ...stage, boxes, hello: [...visits] });

let starting: Promise<LaunchedStage> | undefined;
let running: LaunchedStage;
beforeAll(async () => {
  starting = launchedStage(topology, FOLDER, 'way', {
    replicas: { app: 1 },
    env: { mail: { MAIL_DELAY_MS: '50' } },
  });
  running = await starting;
}, 180_000);
afterAll(async () => (await starting?.catch(() => undefined))?.stop(), 180_000);

async function way(id: string): Promise<Hop[]> {
  const args = [CLI, 'logs', '--request', id, '--json', '--instance', running.instance.ready.instance];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: FOLDER });
  return JSON.parse(stdout).hops;
}

function post(path: string, body: object): Promise<Response> {
  const { port } = running.instance.box('edge-la');
  const headers = { 'Content-Type': 'application/json' };
  return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('the way of a request through the whole stage', () => {
  it('leads from the edge to the mail, under the id of the answer', async () => {
    const to = `${randomUUID()}@day90.test`;
    const answer = await post('/signup', { name: 'Ada', email: to, password: 'correct horse battery' });
    expect(answer.status).toBe(201);
    const id = answer.headers.get('x-request-id') ?? '';
    const hops = await eventually(
      () => way(id),
      (found) => found.some(({ box }) => box === 'mail'),
      40_000,
    );
    const mail = hops.filter(({ text }) => !text.includes('recommendations'));
    expect(mail.map(({ box }) => box)).toEqual([
      ...['edge-la', 'edge-seoul', 'nginx', 'app-1', 'outbox', 'queue', 'worker-1', 'mail'],
    ]);
    expect(mail.at(-1)?.text).toContain(to);
    expect(mail[3]?.text).toMatch(/^201 · db .*queries\).*app /);
    // From Los Angeles it takes a round trip before anything else happens.
    expect(mail[0]?.ms).toBeGreaterThan(mail[2]?.ms ?? Number.POSITIVE_INFINITY);
  }, 90_000);

  it('is known for a request that is refused: by the id in its problem', async () => {
    const answer = await post('/signup', { name: 'Ada' });
    const problem = (await answer.json()) as { requestId: string };
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
    const hops = await way(problem.requestId);
    expect(hops.map(({ box }) => box)).toEqual(['edge-la', 'edge-seoul', 'nginx', 'app-1', 'app-1']);
    expect(hops.at(-1)?.text).toMatch(/refused.*invalid/);
  }, 90_000);
});
