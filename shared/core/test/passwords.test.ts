import { describe, expect, it } from '@jest/globals';
import { isCommonPassword } from '../src/common-passwords.ts';
import { hashPassword, needsRehash, verifyPassword } from '../src/passwords.ts';
import { loginBody, signupBody } from '../src/schemas.ts';

describe('hashPassword', () => {
  it('makes a PHC string with 19 MiB, two passes, one lane, 16 bytes of salt and 32 of tag', async () => {
    const [, algorithm, version, cost, salt = '', tag = ''] = (await hashPassword('a long password')).split('$');
    expect([algorithm, version, cost]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
    expect(Buffer.from(salt, 'base64')).toHaveLength(16);
    expect(Buffer.from(tag, 'base64')).toHaveLength(32);
  });

  it('salts each hash', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });
});

describe('verifyPassword', () => {
  it.each([
    ['more than 72 bytes, that differ at the end', `${'x'.repeat(100)}a`, `${'x'.repeat(100)}b`],
    ['emoji', 'correct 🐎 battery', 'correct 🐴 battery'],
    ['a leading space', ' leading space', 'leading space'],
  ])('tells passwords apart: %s', async (_what, password, other) => {
    const phc = await hashPassword(password);
    expect(await verifyPassword(password, phc)).toBe(true);
    expect(await verifyPassword(other, phc)).toBe(false);
  });

  it('says no for an account that does not exist', async () => {
    expect(await verifyPassword('anything', undefined)).toBe(false);
  });

  it('reads a hash made with other parameters, which then wants renewing', async () => {
    const old = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$';
    expect(needsRehash(`${old}AAAA`)).toBe(true);
    expect(needsRehash(await hashPassword('a long password'))).toBe(false);
  });
});

describe('signup', () => {
  const body = { name: 'Ann', email: 'ann@example.test', password: 'a long password' };
  const accepts = (changes: object) => signupBody.safeParse({ ...body, ...changes }).success;

  it.each(['password123', 'PASSWORD123', 'qwertyuiop'])('refuses %s, which is tried first', (password) => {
    expect(isCommonPassword(password)).toBe(true);
    expect(accepts({ password })).toBe(false);
  });

  it.each([
    ['7 characters', '1x!4y6z'],
    ['129 characters', 'x'.repeat(129)],
  ])('refuses %s', (_what, password) => {
    expect(accepts({ password })).toBe(false);
  });

  it('asks for no mix of letters, digits and signs', () => {
    expect(accepts({ password: 'onlysmallletters' })).toBe(true);
  });

  it.each(['a@b.c\r\nBcc: x@y.z', 'a@b', 'a b@c.de', ''])('refuses the address %j', (email) => {
    expect(accepts({ email })).toBe(false);
  });

  it.each(['Ann\nBcc: x', 'Ann\u0000', '\u2028', ' '])('refuses the name %j', (name) => {
    expect(accepts({ name })).toBe(false);
  });

  it('takes an address in any mix of capitals for the same', () => {
    expect(loginBody.parse({ email: 'Ann@Example.TEST', password: 'x' }).email).toBe('ann@example.test');
  });
});
