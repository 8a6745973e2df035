import { createServer, type RequestListener } from 'node:http';
import {
  accessLog,
  createLogger,
  NotFoundError,
  type Posts,
  parseConfig,
  Resources,
  requestContext,
  securityHeaders,
  sendJson,
  serverEnv,
  stampAnswers,
  startServer,
} from '@day90/core';
import express from 'express';
import { openSqlite, sqliteEnv, sqlPosts } from 'stage-1';
import { cachedPosts, cacheEnv, connectCache } from 'stage-2';
import { z } from 'zod';
import { cachedThings } from '../../src/cached-things.ts';
import { redisClient } from '../../src/redis-link.ts';

/*
 * One rung of the ladder as a process of its own: GET /posts/:id with the layers that LAYERS names.
 */
const config = parseConfig(z.object({ ...serverEnv, ...sqliteEnv, ...cacheEnv, LAYERS: z.string() }), process.env);
const layers = new Set(config.LAYERS.split(','));

if (!layers.has('express')) {
  createServer(await bareListener()).listen(config.PORT, config.HOST);
} else {
  const app = await expressApp();
  await startServer({ app, resources: new Resources() }, { host: config.HOST, port: config.PORT, drainMs: 0 });
}

/** The post's JSON as the app has put it into the cache, by the same client, without deadline, breaker or lease. */
async function bareLookup(): Promise<(id: string) => Promise<string | undefined>> {
  const redis = redisClient(config.CACHE_URL, config.BOX);
  await redis.connect();
  const things = cachedThings(config);
  return async (id) => {
    const entry = await redis.get(things.post(id).key);
    return entry?.slice(entry.indexOf('\n') + 1);
  };
}

async function bareListener(): Promise<RequestListener> {
  const lookup = await bareLookup();
  return async (req, res) => {
    if (req.url === '/readyz') return void res.end();
    const text = await lookup((req.url ?? '').slice('/posts/'.length));
    if (text === undefined) return void res.writeHead(404).end();
    res.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    });
    res.end(text);
  };
}

async function expressApp(): Promise<express.Express> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  if (!layers.has('route')) {
    const lookup = await bareLookup();
    return app.get('/posts/:id', async (req, res) => void res.type('json').send(await lookup(req.params.id)));
  }
  const logger = createLogger(config);
  const db = await openSqlite(config.SQLITE_PATH);
  let posts: Posts = sqlPosts(db);
  posts = cachedPosts(posts, connectCache(config.CACHE_URL, logger), config);
  if (layers.has('context')) {
    stampAnswers(app, config.BOX);
    app.use(requestContext(db.transactor));
  }
  if (layers.has('log')) app.use(accessLog(logger));
  if (layers.has('headers')) app.use(securityHeaders(config.PUBLIC_URL));
  return app.get('/posts/:id', async (req, res) => {
    const post = await posts.findById(req.params.id);
    if (!post) throw new NotFoundError('post', req.params.id);
    sendJson(req, res, post, req.params.id);
  });
}
