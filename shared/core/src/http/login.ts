import type { Request } from 'express';
import type { ServerConfig } from '../config.ts';
import { transaction } from '../context.ts';
import type { Account } from '../domain.ts';
import { DomainError } from '../errors.ts';
import { hashPassword, needsRehash, verifyPassword } from '../passwords.ts';
import type { RateLimit, Users } from '../ports.ts';
import { loginBody } from '../schemas.ts';
import { addressOf, takeTurn } from './limits.ts';
import { bodyOf } from './messages.ts';

interface LoginParts {
  users: Pick<Users, 'findByEmail' | 'setPasswordHash'>;
  rateLimit: RateLimit;
  config: Pick<ServerConfig, 'LOGIN_TURNS_PER_MINUTE' | 'LOGIN_TURNS_PER_MINUTE_AND_ADDRESS'>;
}

/**
 * The account whose e-mail address and password a request's body holds. An unknown address takes as long as a wrong
 * password. A hash that was made with parameters of the past is renewed.
 * @throws {DomainError} `unauthenticated` when there is no such account, `too_many_requests` after too many tries.
 */
export async function accountFor(req: Request, { users, rateLimit, config }: LoginParts): Promise<Account> {
  const { email, password } = bodyOf(req, loginBody);
  const perAddress = { turns: config.LOGIN_TURNS_PER_MINUTE_AND_ADDRESS, seconds: 60 };
  await takeTurn(rateLimit, `login:${addressOf(req)}`, perAddress);
  await takeTurn(rateLimit, `login:${email}`, { turns: config.LOGIN_TURNS_PER_MINUTE, seconds: 60 });
  const account = await users.findByEmail(email);
  const right = await verifyPassword(password, account?.passwordHash);
  if (!account || !right) {
    throw new DomainError('unauthenticated', 'The e-mail address or the password is wrong.');
  }
  if (needsRehash(account.passwordHash)) {
    const renewed = await hashPassword(password);
    await transaction(() => users.setPasswordHash(account.user.id, renewed));
  }
  return account;
}
