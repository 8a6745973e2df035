import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMailSink } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { testFolder } from './sqlite-rig.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const MAIL_DELAY_MS = 1500;

describe('the app process', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let sink: Awaited<ReturnType<typeof startMailSink>>;
  beforeAll(async () => {
    folder = await testFolder();
    sink = await startMailSink({ port: 0, delayMs: MAIL_DELAY_MS });
  });
  afterAll(async () => {
    await sink.stop();
    await folder.remove();
  });

  /** Starts the process and waits until it listens. */
  async function start(file: string, env: Record<string, string> = {}) {
    const path = join(folder.path, file);
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        PORT: '0',
        SQLITE_PATH: path,
        SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
        SESSION_SECRETS: 'a-secret-of-this-test-only-0123456789abcdef',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    const url = await new Promise<string | undefined>((resolve) => {
      const read = (chunk: Buffer) => {
        output += chunk;
        const listening = /"url":"([^"]+)","msg":"listening"/.exec(output);
        if (listening) resolve(listening[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void exited.then(() => resolve(undefined));
    });
    return { child, path, url: url ?? '', exited, output: () => output };
  }

  it('finishes the requests under way on SIGTERM, tells nobody it is ready meanwhile, and exits 0', async () => {
    const { child, url, exited } = await start('drain.sqlite', { DRAIN_MS: '1500' });
    const signup = fetch(`${url}/signup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Ann', email: 'ann@example.test', password: 'a long password' }),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const answer = await signup;
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ message: 'Check your mail.' });
    expect(await exited).toBe(0);
    expect(sink.mails.flatMap(({ to }) => to)).toContain('ann@example.test');
  });

  it('writes the views it still holds when it ends', async () => {
    const { child, path, url, exited } = await start('views.sqlite', { DRAIN_MS: '0' });
    const db = new Database(path);
    db.exec(`INSERT INTO users VALUES (1, 'Ann', 'a@example.test', 'x', '/a.svg', 0);
      INSERT INTO posts (id, author_id, title, body, created_at, updated_at) VALUES (1, 1, 't', 'b', 0, 0)`);
    for (let n = 0; n < 5; n++) await fetch(`${url}/posts/1/views`, { method: 'POST' });
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(db.prepare('SELECT views FROM posts').pluck().get()).toBe(5);
    db.close();
  });

  it('has every answered post after kill -9, and a whole file', async () => {
    const { child, path, url, exited } = await start('killed.sqlite');
    const { id, cookie } = await member(url, path);
    const answered: string[] = [];
    const writing = (async () => {
      for (;;) {
        const answer = await fetch(`${url}/posts`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Cookie: cookie },
          body: JSON.stringify({ title: `post ${answered.length}`, body: 'body' }),
        });
        answered.push(((await answer.json()) as { id: string }).id);
      }
    })().catch(() => undefined);
    while (answered.length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await writing;
    await exited;
    const db = new Database(path);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const kept = db.prepare('SELECT id FROM posts WHERE author_id = ?').pluck().all(id).map(String);
    expect(kept).toEqual(expect.arrayContaining(answered));
    expect(kept.length - answered.length).toBeLessThanOrEqual(1); // the one whose answer the kill cut off
    db.close();
  });

  it('names every wrong variable at once and exits 1', async () => {
    const { exited, output } = await start('unused.sqlite', {
      PORT: '99999',
      SESSION_SECRETS: 'short',
      PUBLIC_URL: 'http://example.org',
      LOG_LEVEL: 'loud',
    });
    expect(await exited).toBe(1);
    for (const name of ['PORT', 'SESSION_SECRETS', 'PUBLIC_URL', 'LOG_LEVEL']) expect(output()).toContain(`${name}: `);
    expect(output()).not.toContain('    at ');
  });

  it('says in one line why it could not listen, and exits 1', async () => {
    const { port } = sink;
    const { exited, output } = await start('taken.sqlite', { PORT: String(port) });
    expect(await exited).toBe(1);
    expect(output()).toContain('EADDRINUSE');
  });
});

/** Signs a member up, and in. */
async function member(url: string, path: string): Promise<{ id: string; cookie: string }> {
  const send = (route: string, body: object) =>
    fetch(url + route, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const [email, password] = ['writer@example.test', 'a long password'];
  await send('/signup', { name: 'Writer', email, password });
  const login = await send('/login', { email, password });
  expect(login.status).toBe(200);
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const db = new Database(path, { readonly: true });
  const id = String(db.prepare('SELECT id FROM users WHERE email = ?').pluck().get(email));
  db.close();
  return { id, cookie };
}
