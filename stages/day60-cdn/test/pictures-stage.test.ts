import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@day90/core';
import { boxRssBytes, secrets, workspaceRoot } from '@day90/infra';
import { describeUploads, FakeImages } from '@day90/testing';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqlUsers } from 'stage-1';
import { openPostgres } from 'stage-3';
import { removeAbandoned } from '../src/pending-sweep.ts';
import { sqlUploads } from '../src/sql-uploads.ts';
import { topology } from '../src/topology.ts';
import { noise } from './pictures.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_EXTRA_BYTES = 120 * 1024 * 1024;
let stage: LaunchedStage;
beforeAll(async () => {
  stage = await launchedStage(topology, FOLDER, 'pictures');
}, 400_000); // the S3 server is built first, where it is not there
afterAll(() => stage?.stop(), 180_000);

async function logIn(): Promise<string> {
  const answer = await fetch(`${stage.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: DEMO_EMAIL, password: DEMO_PASSWORD }),
  });
  expect(answer.status).toBe(200);
  return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

async function send(file: Buffer, type = 'image/jpeg', headers: Record<string, string> = {}) {
  const answer = await fetch(`${stage.url}/images`, {
    method: 'POST',
    headers: { cookie: await logIn(), 'content-type': type, ...headers },
    body: new Uint8Array(file),
  });
  return { status: answer.status, answer: (await answer.json()) as { url: string; width: number } };
}

describe('a picture in stage 5', () => {
  it('is answered with the address of the edges, whatever the sender says of hosts', async () => {
    const { status, answer } = await send(await noise(60, 40).png().toBuffer(), 'image/png', {
      'x-forwarded-host': 'evil.example',
    });
    expect([status, new URL(answer.url).origin]).toEqual([201, stage.url]);
  });

  it('is fetched from the app once, and shown by every edge from then on', async () => {
    const { answer } = await send(await noise(60, 40).png().toBuffer(), 'image/png');
    const { pathname } = new URL(answer.url);
    const seen: string[] = [];
    for (const edge of ['edge-la', 'edge-london', 'edge-seoul', 'edge-la', 'edge-london']) {
      const shown = await fetch(`http://127.0.0.1:${stage.instance.box(edge).port}${pathname}`);
      const bytes = await shown.arrayBuffer();
      expect([shown.status, bytes.byteLength > 0]).toEqual([200, true]);
      seen.push(`${edge} ${shown.headers.get('x-cache')}`);
      expect(shown.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
    }
    // London's is a hit at Seoul's, where Los Angeles' had come through.
    expect(seen.slice(3)).toEqual(['edge-la HIT', 'edge-london HIT']);
  });

  it('of 5 MB and twelve million pixels in passes takes an app less than 120 MB', async () => {
    await send(await noise(60, 40).jpeg().toBuffer()); // its library is loaded, and its first threads are there
    const drawn = await noise(4_000, 3_000)
      .jpeg({ quality: 50, progressive: true, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const file = Buffer.concat([drawn, Buffer.alloc(MOST_BYTES - drawn.length)]); // what follows its end is not read
    const pids = stage.instance.boxesOf('app').map((name) => stage.instance.box(name).pid);
    const before = pids.map(boxRssBytes);
    const peaks = [...before];
    const sent = send(file);
    let over = false;
    void sent.finally(() => {
      over = true;
    });
    while (!over) {
      for (const [i, pid] of pids.entries()) peaks[i] = Math.max(peaks[i] ?? 0, boxRssBytes(pid));
      await sleep(10);
    }
    expect((await sent).status).toBe(201);
    const extra = Math.max(...peaks.map((bytes, i) => bytes - (before[i] ?? 0)));
    expect(extra).toBeLessThan(MOST_EXTRA_BYTES);
    expect(extra).toBeGreaterThan(1_000_000); // it was looked at while it was drawn
  });
});

const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

async function openDatabase() {
  const { 'db-app': password } = await secrets(workspaceRoot(FOLDER), ['db-app']);
  const { port } = stage.instance.box('db-1');
  return openPostgres(`postgres://day90_app:${password}@127.0.0.1:${port}/day90`, { logger, pool: 5 });
}

describeUploads('sqlUploads on Postgres', async () => {
  const db = await openDatabase();
  const rig = { transactor: db.transactor, users: sqlUsers(db), uploads: sqlUploads(db) };
  return { ...rig, close: () => db.close() };
});

describe('the sweep of pictures that were begun and never noted', () => {
  it('removes them and forgets them, but for those that may be under way, and those that can not be removed', async () => {
    const db = await openDatabase();
    const uploads = sqlUploads(db);
    const [left, stuck, underWay] = ['left.webp', 'stuck.webp', 'under-way.webp'];
    for (const name of [left, stuck, underWay]) await uploads.begin(name);
    const before = {
      sql: 'UPDATE pending_images SET created_at = created_at - 3600001 WHERE name <> $1',
      values: [underWay],
    };
    await db.run(before);
    const images = new FakeImages();
    for (const name of [left, stuck, underWay]) await images.put(name, Buffer.of(1));
    images.remove = async (name) => {
      if (name === stuck) throw new Error('out of reach');
      images.kept.delete(name);
    };
    const { signal } = new AbortController();
    await expect(removeAbandoned(db, images, signal)).rejects.toThrow('out of reach');
    expect([...images.kept.keys()]).toEqual([stuck, underWay]);
    const rows = await db.run<{ name: string }>({ sql: 'SELECT name FROM pending_images ORDER BY name', values: [] });
    expect(rows.map(({ name }) => name)).toEqual([stuck, underWay]);
    await db.close();
  });
});
