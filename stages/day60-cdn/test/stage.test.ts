import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page, Post } from '@day90/core';
import type { Instance } from '@day90/infra';
import { eventually } from '@day90/testing';
import { launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRIVATE_PATHS } from '../claims/private/private-paths.ts';
import { topology } from '../src/topology.ts';
import { CityVisitor } from './city-visitor.ts';

const REDIS_SECONDS = 3;
const EDGE_SECONDS = 3;
const EDGES = { seoul: 'edge-seoul', la: 'edge-la', london: 'edge-london' };

let instance: Instance;
const visitor = (city: keyof typeof EDGES) => new CityVisitor(instance, city, EDGES[city]);
const everywhere = () => (['seoul', 'la', 'london'] as const).map(visitor);

beforeAll(async () => {
  const app = {
    CACHE_POST_SECONDS: String(REDIS_SECONDS),
    EDGE_MOST_SECONDS: String(EDGE_SECONDS),
    LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '10',
  };
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const stage = await launchedStage(topology, folder, 'stage', { env: { app }, options: { lag: '500ms' } });
  instance = stage.instance;
}, 180_000);
afterAll(() => instance?.stop(), 180_000);

/** All of 127/8 is this machine there, and processes are files. */
const onLinux = process.platform === 'linux' ? it : it.skip;

// The first of all: what others had written would be purged once more meanwhile, and what is fetched at that moment is kept for
// a second only.
describe('what nothing ends', () => {
  it("is shown for an edge's life on top of Redis'", async () => {
    const [edge, author] = [visitor('seoul'), await visitor('seoul').login(24)];
    const { id } = JSON.parse((await author.send('POST /posts', { json: { title: 'T', body: 'B' } })).text) as Post;
    const origin = new CityVisitor(instance, 'seoul', 'nginx');
    const views = async (at: CityVisitor) => (await at.read<Post>(`/posts/${id}`)).views;
    await views(origin); // into Redis, and not to the edge
    const began = performance.now();
    await origin.send(`POST /posts/${id}/views`); // no invalidation, no purge
    await sleep(REDIS_SECONDS * 1000 - 700);
    expect(await views(edge)).toBe(0); // what Redis had, at the end of its life
    await sleep(EDGE_SECONDS * 1000 - 500);
    expect(performance.now() - began).toBeGreaterThan(Math.max(REDIS_SECONDS, EDGE_SECONDS) * 1000);
    expect(await views(edge)).toBe(0);
    await sleep(700);
    await views(edge); // once more, while it is fetched
    await eventually(
      () => views(edge),
      (count) => count === 1,
      5_000,
    );
  });
});

describe('the stage', () => {
  onLinux('has its edges run as nobody in particular, on this machine alone', () => {
    for (const name of Object.values(EDGES)) {
      const { pid } = instance.box(name);
      const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      expect(Number(uid)).not.toBe(0);
    }
    const open = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const ports = Object.values(EDGES).map((name) =>
      instance.box(name).port?.toString(16).toUpperCase().padStart(4, '0'),
    );
    const at = open
      .filter(([, local, , state]) => state === '0A' && ports.includes(local?.split(':')[1]))
      .map(([, local]) => local?.split(':')[0]);
    expect(at).toEqual(ports.map(() => '0100007F'));
  });

  onLinux('counts tries to log in by the address behind the edges, whatever a visitor says of it', async () => {
    const tries = async (from: string) => {
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) {
        const headers = { 'x-forwarded-for': `10.0.0.${n}`, 'x-edge-client': `10.0.1.${n}`, 'x-edge-key': 'x' };
        const json = { email: `nobody-${from}-${n}@day90.test`, password: 'wrong password' };
        statuses.push((await direct(from, headers, json)).status);
      }
      return statuses;
    };
    // Not over a link of a city: its proxy would be who comes to the edge.
    const direct = (from: string, headers: Record<string, string>, json: object) => {
      const port = instance.box('edge-la').port;
      const ready = { ...instance.ready, links: [{ from: 'here', to: 'edge-la', rttMs: 0, port }] };
      const here = new CityVisitor({ ...instance, ready } as unknown as Instance, 'here', 'edge-la');
      return here.send('POST /login', { from, headers, json });
    };
    const [one, other] = await Promise.all([tries('127.0.0.7'), tries('127.0.0.8')]);
    for (const statuses of [one, other]) expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  });
});

describe('an edit, with replicas that are half a second behind,', () => {
  it('is seen at every edge soon, and by its author at their own at once', async () => {
    const author = await visitor('london').login(21);
    const { id } = JSON.parse((await author.send('POST /posts', { json: { title: 'first', body: 'B' } })).text) as Post;
    for (let n = 0; n < 5; n++) {
      await Promise.all(everywhere().map((one) => one.read(`/posts/${id}`)));
      await author.send(`PUT /posts/${id}`, { json: { title: `edit ${n}` } });
      expect((await author.read<Post>(`/posts/${id}`)).title).toBe(`edit ${n}`);
      await Promise.all(
        everywhere().map((one) =>
          eventually(
            () => one.read<Post>(`/posts/${id}`),
            ({ title }) => title === `edit ${n}`,
            EDGE_SECONDS * 1000 - 500, // by then an edge would ask by itself
          ),
        ),
      );
    }
  });

  it('of a post ends the lists that it is on, and a new post the newest ones', async () => {
    const author = await visitor('seoul').login(22);
    const shown = (title: string) =>
      Promise.all(
        everywhere().map((one) =>
          eventually(
            async () => (await one.read<Page<Post>>('/posts?limit=7')).items[0]?.title,
            (seen) => seen === title,
            2_500,
          ),
        ),
      );
    for (let n = 0; n < 4; n++) {
      const title = `new ${n} ${Date.now()}`;
      const { id } = JSON.parse((await author.send('POST /posts', { json: { title, body: 'B' } })).text) as Post;
      await shown(title);
      await author.send(`PUT /posts/${id}`, { json: { title: `${title}, edited` } });
      await shown(`${title}, edited`);
    }
  });

  it('reaches an edge that was killed meanwhile as an edge that knows nothing', async () => {
    const author = await visitor('seoul').login(23);
    const { id } = JSON.parse((await author.send('POST /posts', { json: { title: 'old', body: 'B' } })).text) as Post;
    await visitor('la').read(`/posts/${id}`);
    await instance.kill('edge-la');
    await author.send(`PUT /posts/${id}`, { json: { title: 'new' } });
    const back = () =>
      visitor('la')
        .send(`GET /posts/${id}`)
        .catch(() => undefined);
    const got = await eventually(back, (answer) => answer?.status === 200, 15_000);
    expect(got?.text).toContain('"title":"new"');
  });
});

describe("a member's own page", () => {
  let member: CityVisitor;
  let email: string;
  beforeAll(async () => {
    member = await visitor('la').login(31);
    ({ email } = await member.read<{ email: string }>('/me'));
  });

  it.each(PRIVATE_PATHS)('is shown to nobody else by way of %s', async (path) => {
    await member.send(`GET ${path}`);
    const others = await Promise.all(everywhere().map((other) => other.send(`GET ${path}`)));
    for (const { text, status } of others) {
      expect(text).not.toContain(email);
      expect([400, 401, 404]).toContain(status);
    }
  });
});

describe('pictures', () => {
  it('are under names that last, and kept for ever by everybody', async () => {
    const { author } = await visitor('seoul').read<Post>('/posts/1');
    const { headers } = await visitor('la').send(`GET ${author.avatarUrl}`);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await visitor('la').send(`GET ${author.avatarUrl}`)).headers['x-cache']).toBe('HIT');
  });
});
