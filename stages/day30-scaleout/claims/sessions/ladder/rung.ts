import { timingSafeEqual } from 'node:crypto';
import {
  createLogger,
  memorySessions,
  parseConfig,
  type RequestHandler,
  Resources,
  requestContext,
  serverEnv,
  sessionCookie,
  stampAnswers,
  startServer,
} from '@day90/core';
import { RedisStore } from 'connect-redis';
import express from 'express';
import type session from 'express-session';
import { createClient } from 'redis';
import { redisSessions, sessionEnv } from 'stage-3';
import { z } from 'zod';
import { RUNGS } from './rungs.ts';
import { SESSIONS, sessionOf, sidOf, signatureOf } from './session-cookies.ts';

/*
 * One rung as a process of its own: GET /asked, behind what RUNG names.
 */
const PREFIX = 'session:';
const names = RUNGS.map(({ name }) => name);
const config = parseConfig(z.object({ ...serverEnv, ...sessionEnv, RUNG: z.enum(names) }), process.env);
const logger = createLogger(config);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
stampAnswers(app, config.BOX);
app.use(requestContext((work) => work(undefined)));
const answer = (res: express.Response, email: string) => void res.type('json').send(JSON.stringify({ email }));
const ofMember: RequestHandler = (req, res) => {
  if (req.session.email === undefined) return void res.status(401).end();
  answer(res, req.session.email);
};
const ofAnybody: RequestHandler = (_req, res) => answer(res, 'anybody@day90.test');

switch (config.RUNG) {
  case 'public':
    app.get('/asked', ofAnybody);
    break;
  case 'beside': {
    const member = sessionCookie(await seeded(redisSessions(config.SESSION_URL, { logger })), config);
    app.get('/me', member, ofMember);
    app.post('/posts', member, ofMember);
    app.get('/asked', ofAnybody);
    break;
  }
  case 'get':
    app.get('/asked', await bareLookup());
    break;
  case 'memory':
    app.get('/asked', sessionCookie(await seeded(memorySessions()), config), ofMember);
    break;
  case 'stock':
    app.get('/asked', sessionCookie(await seeded(await stockStore()), config), ofMember);
    break;
  case 'ours':
    app.get('/asked', sessionCookie(await seeded(redisSessions(config.SESSION_URL, { logger })), config), ofMember);
    break;
}
await startServer({ app, resources: new Resources() }, { host: config.HOST, port: config.PORT, drainMs: 0 });

/** As connect-redis' own page shows it; the client asks one thing less of Redis, which the app's user may not be told. */
async function stockStore(): Promise<session.Store> {
  const client = createClient({ url: config.SESSION_URL, disableClientInfo: true });
  client.on('error', () => {});
  await client.connect();
  return new RedisStore({ client, prefix: PREFIX });
}

/** The least that any look-up does: cookie, signature, GET, parse. */
async function bareLookup(): Promise<RequestHandler> {
  const client = createClient({ url: config.SESSION_URL, disableClientInfo: true, commandOptions: { timeout: 0 } });
  client.on('error', () => {});
  await client.connect();
  await seeded(new RedisStore({ client, prefix: PREFIX }));
  return async (req, res) => {
    const [, sid = '', signature = ''] = /(?:^|; )sid=s%3A([^.]+)\.([^;]+)/.exec(req.headers.cookie ?? '') ?? [];
    const [given, right] = [Buffer.from(decodeURIComponent(signature)), Buffer.from(signatureOf(sid))];
    const valid = given.length === right.length && timingSafeEqual(given, right);
    const text = valid ? await client.get(PREFIX + sid) : null;
    if (text === null) return void res.status(401).end();
    answer(res, (JSON.parse(text) as session.SessionData).email);
  };
}

/** Waits for a store that connects in the background, and fills it. */
async function seeded<S extends session.Store>(store: S): Promise<S> {
  const set = (member: number) =>
    new Promise<boolean>((resolve) =>
      store.set(sidOf(member), sessionOf(member), (error?: unknown) => resolve(!error)),
    );
  while (!(await set(0))) await new Promise((resolve) => setTimeout(resolve, 20));
  for (let member = 1; member < SESSIONS; member += 1) await set(member);
  return store;
}
