import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput, launch } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';
import { TestRedis } from './redis-rig.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const redis = TestRedis.ofThisFile('process');
const LISTENING = /"url":"([^"]+)","msg":"listening"/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'day90-stage-2-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Command lines of all that runs. */
function processes(): string[] {
  return execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
}

/** Starts a process of the stage. @returns What it wrote so far, its exit code, and its URL once it listens. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      DRAIN_MS: '0',
      SQLITE_PATH: join(folder, 'test.sqlite'),
      SMTP_URL: 'smtp://127.0.0.1:1',
      SESSION_SECRETS: 'a-secret-of-this-test-only-0123456789abcdef',
      CACHE_URL: redis.url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const listening = LISTENING.exec(output);
      if (listening) resolve(listening[1] ?? '');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  return { child, exited, url, output: () => output };
}

const app = (env?: Record<string, string>) => start([pathOf('../src/main.ts')], env);

describe('the app process', () => {
  it.each([
    ['a wrong password', () => redis.url.replace(/:[^:@]*@/, ':wrong@')],
    ['no password', () => redis.url.replace(/\/\/.*@/, '//')],
    ['a user that is not there', () => redis.url.replace('//app:', '//nobody:')],
  ])('ends with one line and exit code 1 when its Redis URL has %s', async (_what, url) => {
    const { exited, output } = app({ CACHE_URL: url() });
    expect(await exited).toBe(1);
    const lines = output()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toEqual(['The configuration is not valid:', 'cache refuses the password of its URL']);
  });

  it.each([
    ['CACHE_URL', 'http://127.0.0.1:6379'],
    ['CACHE_POST_SECONDS', '0'],
    ['CACHE_POPULAR_SECONDS', '86401'],
    ['CACHE_USER_SECONDS', 'an hour'],
  ])('refuses %s=%s by name', async (name, value) => {
    const { exited, output } = app({ [name]: value });
    expect(await exited).toBe(1);
    expect(output()).toContain(`${name}: `);
    expect(output()).not.toContain('    at ');
  });

  it('serves while nothing listens where its Redis should be, and ends on SIGTERM', async () => {
    const { child, url, exited } = app({ CACHE_URL: 'redis://app:unused@127.0.0.1:1' });
    const answer = await fetch(`${await url}/posts/popular`);
    expect([answer.status, answer.headers.get('server-timing')]).toEqual([200, expect.stringContaining('desc=bypass')]);
    expect((await fetch(`${await url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
});

describe('the stage', () => {
  it('does not start with a wrong password for Redis: one line says so, and nothing is left running', async () => {
    const instance = `test-stage-2-refused-${process.pid}`;
    const before = new Set(processes());
    const starting = launch(topology, {
      ...{ folder: pathOf('..'), instance, scale: 'small', ports: 'free', quiet: true, throwAway: true },
      env: { app: { CACHE_URL: 'redis://app:wrong@127.0.0.1:${port:cache}' } },
      onProgress: () => {},
    });
    const error = await starting.then(
      (running) => running.stop(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(BadInput);
    expect((error as BadInput).message).toContain('cache refuses the password of its URL');
    expect((error as BadInput).message).not.toContain('\n');
    expect(processes().filter((line) => !before.has(line) && line.includes(instance))).toEqual([]);
  });
});

describe('a cache that is closed', () => {
  it.each(['up', 'frozen', 'away'])('keeps no process alive, with Redis %s', async (how) => {
    const env = how === 'away' ? { CACHE_URL: 'redis://app:unused@127.0.0.1:1' } : {};
    if (how === 'frozen') redis.freeze();
    const { exited } = start([pathOf('open-and-close.ts')], env);
    expect(await exited).toBe(0);
    redis.thaw();
  });
});
