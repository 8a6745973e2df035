import { request } from 'node:http';
import { Writable } from 'node:stream';
import {
  type Account,
  createLogger,
  hashPassword,
  memoryRateLimit,
  memorySessions,
  parseConfig,
  Resources,
  type RunningServer,
  serverEnv,
  startServer,
} from '@day90/core';
import { z } from 'zod';
import { type AdminPage, adminApp } from '../src/board/admin-app.ts';

export const PASSWORD = 'a long password';
const SECRET = 'a-secret-of-this-test-only-0123456789abcdef';
const PAGE: AdminPage = { path: '/queues', policy: {}, handlers: [(_req, res) => void res.send('the queues')] };

/** An answer, as far as the tests look at it. */
export interface Seen {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The session's cookie that it sets, without its attributes. */
  cookie: string | undefined;
}

/** The admins' app on its own, with two accounts: 1 is an admin, 2 a member. */
export class AdminRig {
  /** Who is an admin at the moment; the answer to whoever asks. */
  admins = async (id: string): Promise<boolean> => id === '1';
  log = '';
  #server: RunningServer | undefined;

  async start(page: Partial<AdminPage> = {}, env: Record<string, string> = {}): Promise<void> {
    const config = parseConfig(z.object(serverEnv), { SESSION_SECRETS: SECRET, ...env });
    const passwordHash = await hashPassword(PASSWORD);
    const destination = new Writable({
      write: (chunk, _encoding, done) => {
        this.log += chunk;
        done();
      },
    });
    const app = adminApp(
      {
        config,
        logger: createLogger(config, destination),
        users: { findByEmail: async (email) => accountOf(email, passwordHash), setPasswordHash: async () => {} },
        admins: { has: (id) => this.admins(id) },
        sessions: memorySessions(),
        rateLimit: memoryRateLimit(),
        db: { transactor: (work) => work(undefined) },
      },
      { ...PAGE, ...page },
    );
    this.#server = await startServer({ app, resources: new Resources() }, { host: '127.0.0.1', port: 0, drainMs: 0 });
  }

  async stop(): Promise<void> {
    await this.#server?.drain();
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    return this.send('GET', path, headers);
  }

  /** Logs in as a browser does. */
  logIn(email: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Seen> {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
    return this.send('POST', '/login', form, new URLSearchParams({ email, password }).toString());
  }

  /** `fetch` would write Host, Origin and Sec-Fetch-Site itself, and follow redirects. */
  send(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Seen> {
    const html = { Accept: 'text/html', Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      request(`${this.#server?.url}${path}`, { method, headers: { ...html, ...headers } }, async (res) => {
        let text = '';
        for await (const chunk of res) text += chunk;
        const cookie = res.headers['set-cookie']?.[0]?.split(';', 1)[0];
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, cookie });
      })
        .on('error', reject)
        .end(body);
    });
  }
}

function accountOf(email: string, passwordHash: string): Account | undefined {
  const id = { 'admin@day90.test': '1', 'member@day90.test': '2' }[email];
  const user = { id: id ?? '', name: 'Ada', avatarUrl: '', createdAt: '' };
  return id === undefined ? undefined : { user, email, passwordHash };
}
