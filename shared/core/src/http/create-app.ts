import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import type { Store } from 'express-session';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config.ts';
import type { IdempotentAnswers, Jobs, Posts, RateLimit, Transactor, Users, Views } from '../ports.ts';
import { imageRoutes, type PictureParts } from './image-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { openApiDocument } from './open-api.ts';
import { postRoutes } from './post-routes.ts';
import { errorHandler, noOptions, noRoute } from './problem.ts';
import { requestContext, stampAnswers } from './request-context.ts';
import { sameOrigin } from './same-origin.ts';
import { membersOnly, sessionCookie } from './session.ts';
import { userRoutes } from './user-routes.ts';

/** Everything that a composition root decides about its app. */
export interface AppParts {
  config: ServerConfig;
  logger: Logger;
  posts: Posts;
  users: Users;
  views: Views;
  jobs: Jobs;
  answers: IdempotentAnswers;
  /** Where sessions are kept: the one thing about them that a root chooses. */
  sessions: Store;
  rateLimit: RateLimit;
  /** The database of all writes. */
  db: { transactor: Transactor };
  /** Without them there is no `/images`. */
  pictures?: PictureParts;
}

/** What is served under `/static`. */
export const STATIC_FOLDER = fileURLToPath(new URL('../../static', import.meta.url));

/**
 * Puts the app together: what every request passes, in this order, and its routes.
 * @param middleware - What is to run for each request, outermost first, within its context.
 */
export function createApp(parts: AppParts, middleware: RequestHandler[]): Express {
  const { config, logger } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // a hash of each body costs more than it saves: what has a version sends that instead
  app.set('trust proxy', config.TRUSTED_PROXIES);
  stampAnswers(app, config.BOX);

  const session = sessionCookie(parts.sessions, config);
  const routed = { ...parts, session, member: [session, membersOnly] };
  const openApi = JSON.stringify(openApiDocument(parts));

  app.use([requestContext(parts.db.transactor), ...middleware, sameOrigin(config.PUBLIC_URL), noOptions]);
  app.use(postRoutes(routed), userRoutes(routed), memberRoutes(routed));
  if (parts.pictures) app.use(imageRoutes({ ...routed, ...parts.pictures }));
  app.get('/openapi.json', (_req, res) => void res.type('json').send(openApi));
  app.use(
    '/static',
    express.static(STATIC_FOLDER, { dotfiles: 'ignore', index: false, redirect: false, maxAge: '1h' }),
  );
  app.use(noRoute, errorHandler(logger));
  return app;
}
