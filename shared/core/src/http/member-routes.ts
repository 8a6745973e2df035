import { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config.ts';
import { transaction } from '../context.ts';
import { DomainError, InvalidError } from '../errors.ts';
import { Json } from '../json.ts';
import { hashPassword } from '../passwords.ts';
import type { Jobs, RateLimit, Users } from '../ports.ts';
import { signupBody } from '../schemas.ts';
import { addressOf, takeTurn } from './limits.ts';
import { accountFor } from './login.ts';
import { bodyOf, jsonBody, ONE_SPELLING, sendJson, sendText } from './messages.ts';
import { cookieName, endSession, memberOf, startSession } from './session.ts';

/** What the routes of members call. */
interface MemberParts {
  users: Users;
  jobs: Jobs;
  rateLimit: RateLimit;
  config: ServerConfig;
  logger: Logger;
  session: RequestHandler;
  member: RequestHandler[];
}

const SIGNUP_ANSWER = JSON.stringify({ message: 'Check your mail.' });

/** Signing up, logging in and out, and what a member sees of their own. */
export function memberRoutes({ users, jobs, rateLimit, config, logger, session, member }: MemberParts): Router {
  const router = Router(ONE_SPELLING);
  const signups = { turns: config.SIGNUP_TURNS_PER_HOUR_AND_ADDRESS, seconds: 3600 };

  router.post('/signup', ...jsonBody, async (req, res) => {
    const { name, email, password, invitedBy } = bodyOf(req, signupBody);
    await takeTurn(rateLimit, `signup:${addressOf(req)}`, signups);
    // Before anything depends on the address, or the answer would tell whether it is known.
    if (invitedBy !== undefined && !(await users.findById(invitedBy))) {
      throw new InvalidError([{ path: 'invitedBy', message: 'is no user' }]);
    }
    const passwordHash = await hashPassword(password); // outside of the transaction: it takes 30 ms
    await transaction(async () => {
      const user = await users.create({ name, email, passwordHash });
      if (!user) return jobs.enqueue({ name: 'account-exists-mail', to: email });
      if (invitedBy !== undefined) await users.follow(user.id, invitedBy);
      const mail = { name: 'welcome-mail', to: email, userName: name } as const;
      await jobs.enqueue(mail, { name: 'recommendations', userId: user.id });
    });
    res.status(201);
    sendText(res, SIGNUP_ANSWER);
  });

  router.post('/login', session, ...jsonBody, async (req, res) => {
    const { user, email } = await accountFor(req, { users, rateLimit, config });
    await startSession(req, user.id, email);
    logger.info({ event: 'login', userId: user.id, requestId: res.locals.context.requestId }, 'logged in');
    sendJson(req, res, Json.of(user));
  });

  router.post('/logout', ...member, async (req, res) => {
    await endSession(req);
    res.clearCookie(cookieName(config.PUBLIC_URL), { path: '/' });
    res.status(204).end();
  });

  router.get('/me', ...member, async (req, res) => {
    const user = await users.findById(memberOf(req));
    if (!user) throw new DomainError('unauthenticated', 'This account is gone.');
    sendJson(req, res, Json.of({ ...user.value, email: req.session.email }));
  });

  router.get('/me/recommendations', ...member, async (req, res) => {
    sendJson(req, res, await users.recommendations(memberOf(req)));
  });

  return router;
}
