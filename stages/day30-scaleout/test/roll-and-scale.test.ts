import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Page, Post } from '@day90/core';
import { type Instance, launch } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';
import { StageVisitor } from './stage-visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Time between two rounds of requests, in milliseconds. */
const ROUND_MS = 100;

/** The whole stage as `start` has it: its budgets, and the time that a box takes to drain. */
let stage: Instance;
let visitor: StageVisitor;
let cookies: string[];
beforeAll(async () => {
  const instance = `test-stage-3-roll-${process.pid}`;
  stage = await launch(topology, {
    ...{ folder: FOLDER, instance, scale: 'small', ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
  });
  visitor = new StageVisitor(stage);
  cookies = [await visitor.login(1), await visitor.login(2)];
}, 120_000);
afterAll(() => stage?.stop(), 180_000);

/** Members read, write and look at themselves, at an even pace, while `work` is done. */
async function underLoad(work: () => Promise<void>) {
  const failed: string[] = [];
  const keys: string[] = [];
  const open = new Set<Promise<unknown>>();
  const ask = (call: string, wanted: number, options: Parameters<StageVisitor['send']>[1] = {}) => {
    const asked = visitor
      .send(call, { ...options, alone: true })
      .then(async (answer) => {
        const text = await answer.text();
        if (answer.status !== wanted) failed.push(`${call}: ${answer.status} ${text.slice(0, 200)}`);
      })
      .catch((error: Error) => failed.push(`${call}: ${error.cause ?? error}`))
      .finally(() => open.delete(asked));
    open.add(asked);
  };
  const timer = setInterval(() => {
    const [cookie = ''] = cookies;
    const key = randomUUID();
    keys.push(key);
    ask('GET /posts', 200);
    ask('GET /posts/17', 200);
    for (const cookie of cookies) ask('GET /me', 200, { cookie });
    ask('POST /posts', 201, { cookie, key, json: { title: key, body: 'Body' } });
  }, ROUND_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await Promise.all(open);
  }
  return { failed, keys };
}

/** All titles of a member's posts. */
async function titles(): Promise<string[]> {
  const all: string[] = [];
  for (let path: string | undefined = '/users/1/posts?limit=100'; path; ) {
    const { items, next } = (await (await visitor.send(`GET ${path}`, { alone: true })).json()) as Page<Post>;
    all.push(...items.map(({ title }) => title));
    path = next === null ? undefined : `/users/1/posts?limit=100&before=${next}`;
  }
  return all;
}

async function expectNothingLost(work: () => Promise<void>): Promise<void> {
  const { failed, keys } = await underLoad(work);
  expect(failed).toEqual([]);
  const written = (await titles()).filter((title) => keys.includes(title));
  expect(written.sort()).toEqual(keys.sort());
}

const answering = async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => visitor.send('GET /posts/17', { alone: true })));
  return [...new Set(answers.map(({ headers }) => headers.get('x-served-by')))].sort();
};

describe('under load, without a failed read, a failed write with a key, or a member logged out', () => {
  it('boxes are added, answer, and are taken away again', async () => {
    await expectNothingLost(async () => {
      await stage.scale('app', 5);
      await eventually(answering, (boxes) => boxes.length === 5); // nginx reads its files anew in its own time
      await stage.scale('app', 3);
      expect(await answering()).toEqual(['app-1', 'app-2', 'app-3']);
    });
  }, 180_000);

  it('every box is restarted, one after the other', async () => {
    const pids = () => visitor.boxes.map((name) => stage.box(name).pid);
    const before = pids();
    await expectNothingLost(() => stage.roll('app'));
    expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
  }, 120_000);
});
