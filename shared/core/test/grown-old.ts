import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { beforeHead } from '../src/http/request-context.ts';
import { sessionCookie, startSession } from '../src/http/session.ts';
import { memorySessions } from '../src/memory-sessions.ts';

const REQUESTS = 300;
const config = { PUBLIC_URL: 'http://localhost', SESSION_SECRETS: ['a secret of a test which guards nothing at all'] };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;

const app = express();
app.use((_req, res, next) => {
  const large = Array.from({ length: 1000 }, (_, n) => ({ n })); // 30 kB
  res.locals.large = large;
  if (process.argv[2] === 'head') beforeHead(res, () => res.setHeader('X-Length', large.length));
  next();
});
app.use(sessionCookie(memorySessions(), config));
app.get('/login', async (req, res) => {
  await startSession(req, '1', 'ada@day90.test');
  res.send('in');
});
app.get('/', (req, res) => void res.send(req.session.userId ?? 'nobody'));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const { port } = server.address() as AddressInfo;
async function ask(path: string, cookie = ''): Promise<IncomingMessage> {
  const sent = get({ port, path, agent, headers: { cookie } });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
  return answer;
}
const cookie =
  process.argv[2] === 'session' ? (await ask('/login')).headers['set-cookie']?.[0]?.split(';')[0] : undefined;
async function askOften(): Promise<void> {
  for (let n = 0; n < REQUESTS; n++) {
    await ask('/', cookie);
    // Not after each: the last one is still there, and what was there twice is old.
    if (n % 10 === 0) collect({ type: 'minor' });
  }
}
await askOften();
collect();
const before = process.memoryUsage().heapUsed;
await askOften();
console.log((process.memoryUsage().heapUsed - before) / REQUESTS);
process.exit(0);
