import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AdminRig, PASSWORD } from './admin-rig.ts';

let rig: AdminRig;
beforeEach(async () => {
  rig = new AdminRig();
  await rig.start();
});
afterEach(() => rig.stop());

/** An admin's cookie. */
async function admin(): Promise<Record<string, string>> {
  const { cookie = '' } = await rig.logIn('admin@day90.test');
  return { Cookie: cookie };
}

describe('the app for admins', () => {
  it('shows its page to an admin who has logged in', async () => {
    const { status, headers, cookie = '' } = await rig.logIn('admin@day90.test');
    expect([status, headers.location]).toEqual([303, '/queues']);
    expect(await rig.get('/queues', { Cookie: cookie })).toMatchObject({ status: 200, text: 'the queues' });
  });

  it.each([
    '/queues',
    '/queues/',
    '/QUEUES',
    '/queues/api/queues',
    '/queues/static/js/main.js',
    '/queues/%2e%2e/queues',
  ])('answers %s by 401 and a form to whoever has not', async (path) => {
    const { status, text, cookie } = await rig.get(path);
    expect(status).toBe(401);
    expect(text).toContain('<form method="post" action="/login">');
    expect(text).not.toContain('the queues');
    expect(cookie).toBeUndefined();
  });

  it('says 401 without a form to what is no browser', async () => {
    const { status, headers } = await rig.get('/queues', { Accept: 'application/json' });
    expect([status, headers['content-type']]).toEqual([401, 'application/problem+json; charset=utf-8']);
  });

  it.each([
    ['a member', 'member@day90.test', PASSWORD],
    ['an admin with a wrong password', 'admin@day90.test', 'a wrong password'],
    ['nobody', 'nobody@day90.test', PASSWORD],
  ])('says one and the same to %s who wants to log in', async (_who, email, password) => {
    const { status, text, cookie } = await rig.logIn(email, password);
    expect(status).toBe(401);
    expect(text).toContain('The e-mail address or the password is wrong, or the account is no admin’s.');
    expect(cookie).toBeUndefined();
    expect(rig.log).toContain('"event":"unauthenticated"');
    expect(rig.log).not.toContain(password);
  });

  it('is closed to whoever is no admin any more, and to everybody while nobody can be asked', async () => {
    const headers = await admin();
    rig.admins = async () => false;
    expect((await rig.get('/queues', headers)).status).toBe(403);
    rig.admins = async () => Promise.reject(new Error('SELECT of a database that is gone'));
    const { status, text } = await rig.get('/queues', headers);
    expect(status).toBe(500);
    expect(text).not.toContain('SELECT');
  });

  it('takes no session that it has not given out itself', async () => {
    const forged = { Cookie: 'board-sid=s%3Aown-choice.c2lnbmF0dXJl; sid=s%3Aof-a-member.c2lnbmF0dXJl' };
    expect((await rig.get('/queues', forged)).status).toBe(401);
    const first = await admin();
    const second = await rig.logIn('admin@day90.test', PASSWORD, first);
    expect(second.cookie).not.toBe(first.Cookie);
    expect((await rig.get('/queues', first)).status).toBe(401);
  });

  it('ends a session where it is kept, by POST alone', async () => {
    const headers = await admin();
    expect((await rig.get('/logout', headers)).text).toContain('<form method="post" action="/logout">');
    expect((await rig.get('/queues', headers)).status).toBe(200);
    expect((await rig.send('POST', '/logout', headers)).status).toBe(303);
    expect((await rig.get('/queues', headers)).status).toBe(401);
  });

  it('gives its cookie to no script, no other site and no page over http where there is https', async () => {
    const { headers } = await rig.logIn('admin@day90.test');
    expect(headers['set-cookie']?.[0]).toMatch(/^board-sid=.*; Path=\/; .*HttpOnly; SameSite=Strict$/);
    await rig.stop();
    await rig.start({}, { PUBLIC_URL: 'https://queues.day90.test', TRUSTED_PROXIES: '1' });
    const secure = await rig.logIn('admin@day90.test', PASSWORD, { 'X-Forwarded-Proto': 'https' });
    expect(secure.headers['set-cookie']?.[0]).toMatch(/^__Host-board-sid=.*Secure; SameSite=Strict$/);
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ Origin: 'http://127.0.0.1:3006' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 303],
  ])('answers a login and a logout sent with %j by %d', async (from, status) => {
    expect((await rig.logIn('admin@day90.test', PASSWORD, from)).status).toBe(status);
    expect((await rig.send('POST', '/logout', { ...(await admin()), ...from })).status).toBe(status);
  });

  it('bounds tries to log in, for one account and for all', async () => {
    const tries = [];
    for (let i = 0; i < 6; i += 1) tries.push((await rig.logIn('admin@day90.test', 'a wrong password')).status);
    expect(tries).toEqual([401, 401, 401, 401, 401, 429]);
    for (let i = 0; i < 14; i += 1) await rig.logIn(`nobody${i}@day90.test`);
    expect((await rig.logIn('nobody@day90.test')).status).toBe(429);
  });

  it.each(['/queues', '/login', '/logout', '/board.css', '/nowhere'])(
    'forbids frames and storing of %s',
    async (path) => {
      const { headers } = await rig.get(path);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('takes no body that is larger than a login', async () => {
    expect((await rig.logIn('admin@day90.test', 'x'.repeat(2000))).status).toBe(413);
  });
});
