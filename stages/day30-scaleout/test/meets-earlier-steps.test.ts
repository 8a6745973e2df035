import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Page, Post } from '@day90/core';
import { dataSecrets, workspaceRoot } from '@day90/infra';
import { eventually } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { data } from '../src/data.ts';
import { databaseUrl } from '../src/postgres-server.ts';
import { topology } from '../src/topology.ts';
import { StageVisitor, titleOf } from './stage-visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const EDITS = 30;

let stage: LaunchedStage;
let visitor: StageVisitor;
let cookie: string;
beforeAll(async () => {
  stage = await launchedStage(topology, FOLDER, 'meets', { options: { balance: 'round-robin' } });
  visitor = new StageVisitor(stage.instance);
  cookie = await visitor.login();
}, 120_000);
afterAll(() => stage?.stop(), 180_000);

/** Reads a post on every box without a pause, until told. @returns Reads that showed less than was answered before they began. */
function readAllTheTime(id: string, answered: () => number) {
  let stopped = false;
  const late: string[] = [];
  let reads = 0;
  const readers = visitor.boxes.map(async (where) => {
    while (!stopped) {
      const least = answered();
      const shown = Number((await titleOf(await visitor.send(`GET /posts/${id}`, { where }))).split(' ')[1]);
      reads += 1;
      if (shown < least) late.push(`${where}: ${shown} after ${least}`);
    }
  });
  return async () => {
    stopped = true;
    await Promise.all(readers);
    return { late, reads };
  };
}

describe('an edit', () => {
  it('through one box is seen by every box at once, also while all of them are read', async () => {
    const { id, author } = await visitor.newPost(cookie);
    await visitor.send(`PUT /posts/${id}`, { cookie, json: { title: 'Edit 0' } });
    let answered = 0;
    const stop = readAllTheTime(id, () => answered);
    for (let edit = 1; edit <= EDITS; edit++) {
      const where = visitor.boxes[edit % visitor.boxes.length] ?? '';
      const title = `Edit ${edit}`;
      expect((await visitor.send(`PUT /posts/${id}`, { where, cookie, json: { title } })).status).toBe(200);
      answered = edit;
      expect(await visitor.onEach(`GET /posts/${id}`, titleOf)).toEqual(visitor.boxes.map(() => title));
      const [first] = await visitor.onEach(`GET /users/${author.id}/posts`, async (answer) =>
        ((await answer.json()) as Page<Post>).items.find((post) => post.id === id),
      );
      expect(first?.title).toBe(title);
    }
    const { late, reads } = await stop();
    expect(late).toEqual([]);
    expect(reads).toBeGreaterThan(EDITS);
  });

  it('gives the post a new version on every box', async () => {
    const { id } = await visitor.newPost(cookie);
    const etags = () => visitor.onEach(`GET /posts/${id}`, (answer) => answer.headers.get('etag'));
    expect(new Set(await etags())).toEqual(new Set([`"${id}-1"`]));
    await visitor.send(`PUT /posts/${id}`, { where: visitor.boxes[2] ?? '', cookie, json: { title: 'Changed' } });
    expect(new Set(await etags())).toEqual(new Set([`"${id}-2"`]));
  });
});

describe('a new post', () => {
  it('is there on every box at once, also where it was asked for a moment before it was written', async () => {
    for (const where of visitor.boxes) {
      const before = await visitor.newPost(cookie);
      const next = Number(before.id) + 1;
      expect(await visitor.onEach(`GET /posts/${next}`, (answer) => answer.status)).toEqual([404, 404, 404]);
      const { id, title } = await visitor.newPost(cookie, where);
      expect(Number(id)).toBe(next);
      expect(await visitor.onEach(`GET /posts/${next}`, titleOf)).toEqual([title, title, title]);
    }
  });
});

describe('a session', () => {
  it('begun on any box is known on each, and ended on any is ended on each', async () => {
    for (const [i, where] of visitor.boxes.entries()) {
      const own = await visitor.login(i + 2, where);
      const statuses = () => visitor.onEach('GET /me', (answer) => answer.status, own);
      expect(await statuses()).toEqual([200, 200, 200]);
      const elsewhere = visitor.boxes[(i + 1) % visitor.boxes.length] ?? '';
      expect((await visitor.send('POST /logout', { where: elsewhere, cookie: own })).status).toBe(204);
      expect(await statuses()).toEqual([401, 401, 401]);
    }
  });
});

/** The posts of a title, as the database has them. */
async function countOf(title: string): Promise<number> {
  const answer = await visitor.send('GET /posts?limit=100');
  return ((await answer.json()) as Page<Post>).items.filter((post) => post.title === title).length;
}

describe('one Idempotency-Key', () => {
  const post = (key: string, where?: string) =>
    visitor.send('POST /posts', { cookie, key, json: { title: key, body: 'Body' }, ...(where && { where }) });

  it('on two boxes at once writes one post, and both give the same answer', async () => {
    for (let i = 0; i < 10; i++) {
      const key = randomUUID();
      const answers = await Promise.all(visitor.boxes.slice(0, 2).map((where) => post(key, where)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
      expect(second).toBe(first);
      expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(1);
      expect(await countOf(key)).toBe(1);
    }
  });

  it('writes one post and is answered when the box dies that had the request: nginx asks another', async () => {
    const { env } = await dataSecrets(data, workspaceRoot(FOLDER));
    const passwords = { owner: env.DB_OWNER_PASSWORD as string, app: env.DB_APP_PASSWORD as string };
    const url = databaseUrl('owner', passwords, stage.instance.box('postgres').port ?? 0);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query('BEGIN');
    await owner.query('LOCK TABLE posts IN EXCLUSIVE MODE'); // reads go on; every POST is under way until it ends
    const keys = Array.from({ length: 6 }, () => randomUUID());
    const answers = Promise.all(keys.map((key) => post(key)));
    const waiting = `SELECT FROM pg_locks WHERE relation = 'posts'::regclass AND NOT granted`;
    await eventually(
      () => owner.query(waiting),
      ({ rowCount }) => rowCount === keys.length,
    );
    const [, killed = ''] = visitor.boxes;
    await stage.instance.kill(killed);
    await owner.query('ROLLBACK');
    await owner.end();
    const done = await answers;
    expect(done.map(({ status }) => status)).toEqual(keys.map(() => 201));
    expect(done.map(({ headers }) => headers.get('x-served-by'))).not.toContain(killed);
    expect(await Promise.all(keys.map(countOf))).toEqual(keys.map(() => 1));
  });
});
