import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { ServerConfig } from '../config.ts';
import type { UserId } from '../domain.ts';
import { DomainError } from '../errors.ts';

declare module 'express-session' {
  interface SessionData {
    userId: UserId;
    email: string;
    /** Milliseconds since 1970: express-session itself knows no absolute end. */
    startedAt: number;
  }
}

/** A session ends 30 minutes after its last use, and 12 hours after login in any case (ASVS 5.0, 7.3). */
const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
const SID = 'sid';

/**
 * Reads and keeps the session of a request. It stands in front of those routes alone that need one: a public page must
 * not pay for a look-up, nor set a cookie that no cache may store.
 * @param cookie.name - Another one than the members' on a host that both share, since a browser tells no ports apart.
 * @param cookie.sameSite - `strict` where nobody has to come from a link elsewhere and be logged in.
 */
export function sessionCookie(
  store: session.Store,
  config: Pick<ServerConfig, 'PUBLIC_URL' | 'SESSION_SECRETS'>,
  { name = SID, sameSite = 'lax' }: { name?: string; sameSite?: 'lax' | 'strict' } = {},
): RequestHandler {
  const { PUBLIC_URL, SESSION_SECRETS } = config;
  return session({
    store,
    secret: SESSION_SECRETS,
    name: cookieName(PUBLIC_URL, name),
    cookie: { httpOnly: true, sameSite, secure: isHttps(PUBLIC_URL), path: '/', maxAge: IDLE_MS },
    resave: false,
    saveUninitialized: false,
    rolling: true,
  });
}

/**
 * The name of a session's cookie. A browser accepts `__Host-` only with Secure, without Domain and with Path=/; plain
 * HTTP on localhost can't have it.
 */
export function cookieName(publicUrl: string, name = SID): string {
  return isHttps(publicUrl) ? `__Host-${name}` : name;
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}

/** Starts a session for a member under a new id, so that an id known before login is worth nothing after it. */
export async function startSession(req: Request, userId: UserId, email: string): Promise<void> {
  try {
    await settled((done) => req.session.regenerate(done));
    req.session.userId = userId;
    req.session.email = email;
    req.session.startedAt = Date.now();
    // Now, and not behind the answer, where express-session would do it: a login whose session is lost must not say 200.
    await settled((done) => req.session.save(done));
  } catch (error) {
    // Left where it is, express-session would try again behind the answer, and send the cookie of a session that is nowhere.
    Reflect.deleteProperty(req, 'session');
    throw error;
  }
}

/** Ends the session of a request in the store, not only in the browser. */
export async function endSession(req: Request): Promise<void> {
  await settled((done) => req.session.destroy(done));
}

/** Lets members through, and answers everybody else 401. */
export const membersOnly: RequestHandler = async (req, _res, next) => {
  const { userId, startedAt } = req.session;
  if (userId === undefined || startedAt === undefined) throw new DomainError('unauthenticated', 'Log in first.');
  if (Date.now() - startedAt > ABSOLUTE_MS) {
    await endSession(req);
    throw new DomainError('unauthenticated', 'The session has ended. Log in again.');
  }
  next();
};

/** The member of a request behind {@link membersOnly}. */
export function memberOf(req: Request): UserId {
  const { userId } = req.session;
  if (userId === undefined) throw new DomainError('unauthenticated', 'Log in first.');
  return userId;
}

function settled(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
