import { createServer, type RequestListener } from 'node:http';
import {
  accessLog,
  createLogger,
  NotFoundError,
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
import { z } from 'zod';
import { type PostRow, toPost } from '../../src/sql-posts.ts';
import { openMeasured } from '../measured-database.ts';

/*
 * One rung of the ladder as a process of its own: GET /posts/:id with the layers that LAYERS names.
 */
const config = parseConfig(z.object({ ...serverEnv, ...sqliteEnv, LAYERS: z.string() }), process.env);
const layers = new Set(config.LAYERS.split(','));

if (!layers.has('express')) {
  createServer(bareListener()).listen(config.PORT, config.HOST);
} else {
  const app = await expressApp();
  await startServer({ app, resources: new Resources() }, { host: config.HOST, port: config.PORT, drainMs: 0 });
}

/** The post's JSON by the app's own SQL, prepared once, straight on the driver. */
function bareLookup(): (id: string) => string | undefined {
  const db = openMeasured(config.SQLITE_PATH, { readonly: true });
  sqlPosts(db);
  const statement = db.connection.prepare<[string], PostRow>(db.statements.get('post-by-id') ?? '');
  return (id) => {
    const row = statement.get(id);
    return row && JSON.stringify(toPost(row));
  };
}

function bareListener(): RequestListener {
  const lookup = bareLookup();
  return (req, res) => {
    if (req.url === '/readyz') return void res.end();
    const text = lookup((req.url ?? '').slice('/posts/'.length));
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
    const lookup = bareLookup();
    return app.get('/posts/:id', (req, res) => void res.type('json').send(lookup(req.params.id)));
  }
  const db = await openSqlite(config.SQLITE_PATH);
  const posts = sqlPosts(db);
  if (layers.has('context')) {
    stampAnswers(app, config.BOX);
    app.use(requestContext(db.transactor));
  }
  if (layers.has('log')) app.use(accessLog(createLogger(config)));
  if (layers.has('headers')) app.use(securityHeaders(config.PUBLIC_URL));
  return app.get('/posts/:id', async (req, res) => {
    const post = await posts.findById(req.params.id);
    if (!post) throw new NotFoundError('post', req.params.id);
    sendJson(req, res, post, req.params.id);
  });
}
