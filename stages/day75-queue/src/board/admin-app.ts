import { readFileSync } from 'node:fs';
import {
  type AppParts,
  accessLog,
  accountFor,
  cookieName,
  DomainError,
  endSession,
  errorHandler,
  type Logger,
  memberOf,
  membersOnly,
  noOptions,
  noRoute,
  type RequestHandler,
  requestContext,
  sameOrigin,
  securityHeaders,
  sessionCookie,
  stampAnswers,
  startSession,
  type Users,
} from '@day90/core';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Admins } from './admins.ts';
import { loginPage, logoutPage } from './login-page.ts';

/** What an app for admins is made of. */
export interface AdminParts extends Pick<AppParts, 'config' | 'logger' | 'sessions' | 'rateLimit' | 'db'> {
  users: Pick<Users, 'findByEmail' | 'setPasswordHash'>;
  admins: Admins;
}

/** One of its pages. */
export interface AdminPage {
  /** Where it lies: `/queues`. */
  path: string;
  /** What its content security policy needs beyond that of a page without scripts from elsewhere. */
  policy: Record<string, string[]>;
  /** Everything below the path, for admins only. */
  handlers: RequestHandler[];
}

const STYLE = readFileSync(new URL('./board.css', import.meta.url));
const FORM = express.urlencoded({ extended: false, limit: '1kb', parameterLimit: 5 });
const COOKIE = 'board-sid';
const NO_ADMIN = 'The e-mail address or the password is wrong, or the account is no admin’s.';

/**
 * An app for admins, for a port of its own that no proxy leads to. Sessions, cookie and secrets are its own as well: no
 * member's session is worth anything here, whatever becomes of the app that gave it out.
 */
export function adminApp(parts: AdminParts, page: AdminPage): Express {
  const { config, logger, sessions } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // nothing here is to be stored
  app.set('trust proxy', config.TRUSTED_PROXIES);
  stampAnswers(app, config.BOX);
  const session = sessionCookie(sessions, config, { name: COOKIE, sameSite: 'strict' });

  app.use(requestContext(parts.db.transactor), accessLog(logger), securityHeaders(config.PUBLIC_URL, page.policy));
  app.use(sameOrigin(config.PUBLIC_URL), noOptions, unstored);
  app.get('/', (_req, res) => res.redirect(page.path));
  app.get('/board.css', (_req, res) => void res.type('css').send(STYLE));
  app.get('/login', (_req, res) => void res.send(loginPage()));
  app.post('/login', session, FORM, logIn(parts, page.path));
  app.get('/logout', (_req, res) => void res.send(logoutPage()));
  app.post('/logout', session, async (req, res) => {
    await endSession(req);
    res.clearCookie(cookieName(config.PUBLIC_URL, COOKIE), { path: '/' });
    res.redirect(303, '/login');
  });
  app.use(page.path, session, membersOnly, adminsOnly(parts.admins), ...page.handlers);
  app.use(noRoute, asksToLogIn(logger), errorHandler(logger));
  return app;
}

/** Says the same to whoever is no admin as to whoever has the password wrong. */
function logIn({ users, rateLimit, config, admins, logger }: AdminParts, home: string): RequestHandler {
  return async (req, res) => {
    const { user, email } = await accountFor(req, { users, rateLimit, config });
    if (!(await admins.has(user.id))) throw new DomainError('unauthenticated', NO_ADMIN);
    await startSession(req, user.id, email);
    logger.info({ event: 'login', userId: user.id, requestId: res.locals.context.requestId }, 'admin logged in');
    res.redirect(303, home);
  };
}

/** Asked at each request: whoever is no admin any more is out, and nobody is in while the database can't be asked. */
function adminsOnly(admins: Admins): RequestHandler {
  return async (req, _res, next) => {
    if (!(await admins.has(memberOf(req)))) throw new DomainError('forbidden', 'This account is no admin’s.');
    next();
  };
}

const unstored: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** A browser is shown where to log in; it is 401 all the same. */
function asksToLogIn(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const isRefusal = error instanceof DomainError && error.code === 'unauthenticated';
    if (!isRefusal || !req.accepts('html')) return next(error);
    const { method, path, ip } = req;
    logger.warn({ event: error.code, requestId: res.locals.context.requestId, method, path, ip }, 'refused');
    res.status(401).send(loginPage(path === '/login' ? NO_ADMIN : ''));
  };
}
