import { randomUUID } from 'node:crypto';
import type { Page, Post } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import type { ContractRig } from './contract-rig.ts';

export const UNKNOWN_ID = '9223372036854775807';
/** What stands in for an id and is none: it names nothing there could ever be. */
export const NO_IDS = ['0', '-1', '1.0', '01', '1e3', 'abc', '9223372036854775808', '1%20', "1'--", '%00', '１'];

/** What answers a path that names nothing: 404, or 400 where a proxy in front does not pass on what leads out of its root. */
export function statusOfNothing(path: string): number[] {
  return /%00|\.\.%2f/i.test(path) ? [400, 404] : [404];
}

/** One post: reading, writing, changing, viewing. */
export function describeOnePost(rig: ContractRig): void {
  describe('one post', () => {
    describeReading(rig);
    describeChanging(rig);
    describeViewing(rig);
    describeRetries(rig);
  });
}

function describeReading(rig: ContractRig): void {
  it('reads a post as it was written, with its author', async () => {
    const author = await rig.member(0);
    const written = await rig.newPost(author, 'A title', 'A body');
    expect(await rig.readPost(written.id)).toEqual(written);
    expect(written).toMatchObject({ title: 'A title', body: 'A body', views: 0, author: { id: author.id } });
    const { items } = await rig.postPage('/posts?limit=1');
    expect(items).toEqual([written]);
  });

  it('answers 304 to whoever has that version, and the post to whoever has another', async () => {
    const { id } = await rig.newPost(await rig.member(0));
    const etag = (await rig.send(`GET /posts/${id}`)).headers.get('etag') ?? '';
    expect(etag).toMatch(new RegExp(`^"${id}-\\w+"$`));
    const read = (tag: string) => rig.send(`GET /posts/${id}`, { headers: { 'if-none-match': tag } });
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) expect((await read(tag)).status).toBe(304);
    expect((await read(etag)).headers.get('etag')).toBe(etag);
    expect((await read(`"${id}-none"`)).status).toBe(200);
  });

  it('has no ETag made of bodies on a list', async () => {
    expect((await rig.send('GET /posts?limit=1')).headers.get('etag')).toBeNull();
  });

  it.each([UNKNOWN_ID, ...NO_IDS])('has no post, user or author page %s', async (id) => {
    for (const path of ['/posts/', '/users/'])
      expect(statusOfNothing(id)).toContain((await rig.send(`GET ${path}${id}`)).status);
  });
}

function describeChanging(rig: ContractRig): void {
  const put = (id: string, json: object, headers = {}, who = 0) =>
    rig.member(who).then((as) => rig.send(`PUT /posts/${id}`, { as, json, headers }));

  it('changes what is given and leaves the rest', async () => {
    const written = await rig.newPost(await rig.member(0), 'Old title', 'Old body');
    const answer = await put(written.id, { title: 'New title' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ ...written, title: 'New title', updatedAt: expect.any(String) });
    await put(written.id, { body: 'New body' });
    expect(await rig.readPost(written.id)).toMatchObject({ title: 'New title', body: 'New body' });
  });

  it("answers 404 for someone else's post, and leaves it", async () => {
    const written = await rig.newPost(await rig.member(0));
    expect((await put(written.id, { title: 'Taken over' }, {}, 1)).status).toBe(404);
    expect((await put(UNKNOWN_ID, { title: 'Nothing' })).status).toBe(404);
    expect(await rig.readPost(written.id)).toEqual(written);
  });

  it('answers a write with what it has written, whatever If-None-Match says', async () => {
    const { id } = await rig.newPost(await rig.member(0));
    const changed = await put(id, { title: 'Changed' }, { 'if-none-match': '*' });
    expect(changed.status).toBe(200);
    expect(changed.json()).toMatchObject({ id, title: 'Changed' });
  });

  it('takes any of several versions in If-Match', async () => {
    const { id } = await rig.newPost(await rig.member(0));
    const either = `"${id}-999", "${id}-1"`;
    expect((await put(id, { title: 'First' }, { 'if-match': either })).status).toBe(200);
    expect((await put(id, { title: 'Second' }, { 'if-match': either })).status).toBe(412);
  });

  it('changes only the version that If-Match names', async () => {
    const { id } = await rig.newPost(await rig.member(0));
    const etag = (await rig.send(`GET /posts/${id}`)).headers.get('etag') ?? '';
    const changed = await put(id, { title: 'First' }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect((await put(id, { title: 'Too late' }, { 'if-match': etag })).status).toBe(412);
    expect((await put(id, { title: 'No tag of ours' }, { 'if-match': '"other"' })).status).toBe(412);
    expect((await rig.readPost(id)).title).toBe('First');
    expect((await put(id, { title: 'Whatever it is' }, { 'if-match': '*' })).status).toBe(200);
  });

  it.each([
    {},
    { title: '' },
    { title: 'x'.repeat(201) },
    { title: 'Two\nlines' },
    { body: '' },
    { body: 5 },
    { title: null },
    { title: 'T', authorId: '1' },
  ])('refuses to change a post to %j', async (changes) => {
    const written = await rig.newPost(await rig.member(0));
    expect((await put(written.id, changes)).status).toBe(400);
    expect(await rig.readPost(written.id)).toEqual(written);
  });
}

function describeViewing(rig: ContractRig): void {
  it('counts views within two seconds; reading counts none', async () => {
    const { id } = await rig.newPost(await rig.member(0));
    for (let i = 0; i < 3; i++) await rig.readPost(id);
    for (let i = 0; i < 5; i++) expect((await rig.send(`POST /posts/${id}/views`)).status).toBe(204);
    let limit = 100;
    const views = async () => {
      if (!rig.app.showsViewsLate) return (await rig.readPost(id)).views;
      limit -= 1; // a page that has not been asked for since the post was written, and is in no cache
      return (await rig.postPage(`/posts?limit=${limit}`)).items.find((post) => post.id === id)?.views;
    };
    expect(await eventually(views, (count = 0) => count >= 5, 2_000)).toBe(5);
  });

  it('counts nothing for a post that does not exist', async () => {
    expect((await rig.send(`POST /posts/${UNKNOWN_ID}/views`)).status).toBeLessThan(500);
    for (const id of NO_IDS) expect(statusOfNothing(id)).toContain((await rig.send(`POST /posts/${id}/views`)).status);
  });
}

function describeRetries(rig: ContractRig): void {
  const post = async (key: string, title: string, who = 0) =>
    rig.send('POST /posts', {
      as: await rig.member(who),
      json: { title, body: 'Body' },
      headers: { 'idempotency-key': key },
    });
  const countOf = async (title: string) => {
    const { id } = await rig.member(0);
    const { items } = (await rig.send(`GET /users/${id}/posts?limit=100`)).json<Page<Post>>();
    return items.filter((one) => one.title === title).length;
  };

  it('writes once, however often a request with an Idempotency-Key is sent', async () => {
    const key = randomUUID();
    const [first, again] = [await post(key, key), await post(key, key)];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await countOf(key)).toBe(1);
  });

  it('writes once when the same request arrives many times at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(key, key)));
    const done = answers.filter((answer) => answer.status === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter((answer) => ![201, 409].includes(answer.status))).toEqual([]);
    expect(await countOf(key)).toBe(1);
  });

  it("tells a used key's other request apart, and one member's keys from another's", async () => {
    const key = randomUUID();
    await post(key, key);
    expect((await post(key, 'Another title')).status).toBe(422);
    expect((await post(key, key, 1)).status).toBe(201);
  });

  it('does not keep the answer to a request that was refused', async () => {
    const key = randomUUID();
    expect((await post(key, '')).status).toBe(400);
    expect((await post(key, 'Mended')).status).toBe(201);
  });

  it.each(['x'.repeat(300), 'two words'])('refuses the key %s', async (key) => {
    expect((await post(key, 'Title')).status).toBe(400);
  });
}
