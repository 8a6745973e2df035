import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig, type RunningApp, startServer } from '@day90/core';
import { startMailSink } from '@day90/infra';
import { describeHttpContract, type HttpRig } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApp } from '../src/app.ts';
import { type Config, configSchema } from '../src/config.ts';
import { loadData } from '../src/load-data.ts';
import { buildApp as buildNaiveApp } from '../src/naive/app.ts';
import { testFolder } from './sqlite-rig.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let loaded: Promise<void>;
beforeAll(async () => {
  folder = await testFolder();
  loaded = loadData(join(folder.path, 'seeded.sqlite'), 'small', () => {});
  await loaded;
});
afterAll(() => folder.remove());

function starter(name: string, build: (config: Config) => Promise<RunningApp>): () => Promise<HttpRig> {
  return async () => {
    const path = join(folder.path, `${name}.sqlite`);
    await copyFile(join(folder.path, 'seeded.sqlite'), path);
    const sink = await startMailSink({ port: 0, delayMs: 0 });
    const config = parseConfig(configSchema, {
      SQLITE_PATH: path,
      SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
      SESSION_SECRETS: 'a-secret-of-this-test-only-0123456789abcdef',
      LOG_LEVEL: 'silent',
      LOGIN_TURNS_PER_MINUTE: '100000',
      LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
      SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
    });
    const server = await startServer(await build(config), { host: '127.0.0.1', port: 0, drainMs: 0 });
    return {
      url: server.url,
      seeded: true,
      mails: async () => sink.mails.map(({ to, subject }) => ({ to: to.join(), subject })),
      async stop() {
        await server.drain();
        await sink.stop();
      },
    };
  };
}

describeHttpContract('stage-1', starter('stage-1', buildApp));
describeHttpContract('stage-1 naive', starter('naive', buildNaiveApp));

describe('the naive variant', () => {
  let before: HttpRig;
  let after: HttpRig;
  beforeAll(async () => {
    [before, after] = [await starter('before', buildNaiveApp)(), await starter('after', buildApp)()];
  });
  afterAll(async () => {
    await before.stop();
    await after.stop();
  });

  it.each([
    ['/posts?limit=100', 101, 1],
    ['/posts?limit=7', 8, 1],
    ['/posts/popular', 21, 1],
    ['/posts/17', 1, 1],
    ['/users/3', 1, 1],
  ])('gives the same answer for %s, by %d queries instead of %d', async (path, queriesBefore, queriesAfter) => {
    const [slow, quick] = [await fetch(before.url + path), await fetch(after.url + path)];
    expect(await slow.json()).toEqual(await quick.json());
    expect(queriesOf(slow)).toBe(queriesBefore);
    expect(queriesOf(quick)).toBe(queriesAfter);
  });
});

function queriesOf(answer: Response): number {
  return Number(/desc="(\d+) quer/.exec(answer.headers.get('server-timing') ?? '')?.[1]);
}
