import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Json, type Page, type Post, type Posts } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { namedPosts, staticFiles } from 'stage-5';

const files = staticFiles();
const NAME = /^\/static\/avatars\/1\.[0-9a-f]{12}\.svg$/;

describe('names of static files', () => {
  it('say what is in them', () => {
    expect(files.nameOf('/static/avatars/1.svg')).toMatch(NAME);
    expect(files.nameOf('/static/avatars/2.svg').slice(-16)).not.toBe(files.nameOf('/static/avatars/1.svg').slice(-16));
    for (const other of ['/static/none.svg', '/images/1.png', '', 'https://x.example/1.svg'])
      expect(files.nameOf(other)).toBe(other);
  });

  it('lead to the file, and old ones to the new name', async () => {
    const app = express().use(files.serve);
    app.use((req, res) => void res.end(req.url));
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    const name = files.nameOf('/static/avatars/1.svg');
    expect(await (await ask(name)).text()).toBe('/static/avatars/1.svg');
    const old = await ask('/static/avatars/1.000000000000.svg');
    expect([old.status, old.headers.get('location')]).toEqual([302, name]);
    for (const other of [
      '/static/none.000000000000.svg',
      '/static/avatars/1.svg',
      '/static/..%2f1.000000000000.svg',
      '/me',
    ])
      expect(await (await ask(other)).text()).toBe(other);
    server.closeAllConnections();
    server.close();
  });
});

describe('in what is read', () => {
  const page = (items: unknown[]) => Json.of({ items, next: null } as unknown as Page<Post>, 'v');

  it('pictures are called by them, and a text that looks like one is left as it is', async () => {
    const body = '"avatarUrl":"/static/avatars/1.svg"';
    const post = { id: '1', body, author: { avatarUrl: '/static/avatars/1.svg' } };
    const posts = namedPosts({ popular: async () => page([post]) } as Partial<Posts> as Posts, files);
    const found = await posts.popular();
    expect(found.version).toBe('v');
    expect(JSON.parse(found.text)).toEqual({
      items: [{ ...post, author: { avatarUrl: expect.stringMatching(NAME) } }],
      next: null,
    });
  });
});
