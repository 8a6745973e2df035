import type { Page, User } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { type ContractRig, type Member, newAccount } from './contract-rig.ts';
import { UNKNOWN_ID } from './one-post.ts';

/** Time a job may take that is not done in the request, in milliseconds. */
const JOB_MS = 10_000;

/** Signing up, what follows from it, and following. */
export function describeMembers(rig: ContractRig): void {
  describe('members', () => {
    describeSignup(rig);
    describeFollowing(rig);
  });
}

function describeSignup(rig: ContractRig): void {
  const signup = (json: object) => rig.send('POST /signup', { json });

  it('answers the same for a known and an unknown address, and starts no session', async () => {
    const account = newAccount();
    const unknown = await signup(account);
    const known = await signup({ ...account, name: 'Somebody Else', email: account.email.toUpperCase() });
    expect([unknown.status, known.status]).toEqual([201, 201]);
    expect(known.text).toBe(unknown.text);
    expect(shapeOf(known.headers)).toEqual(shapeOf(unknown.headers));
    expect(unknown.headers.has('set-cookie')).toBe(false);
    // The first account stands as it was.
    const { cookie } = await rig.login(account.email, account.password);
    expect((await rig.send('GET /me', { as: { cookie } })).json()).toMatchObject({ name: account.name });
  });

  it('mails a welcome to a new member, and a hint to one whose address is used again', async () => {
    const { mails } = rig.app;
    if (!mails) return; // a running instance keeps its mails to itself
    const account = newAccount();
    await signup(account);
    const toThem = async () => (await mails()).filter((mail) => mail.to === account.email);
    const [welcome] = await eventually(toThem, (list) => list.length === 1, JOB_MS);
    await signup(account);
    const both = await eventually(toThem, (list) => list.length === 2, JOB_MS);
    expect(both[1]?.subject).not.toBe(welcome?.subject);
  });

  it('makes a new member follow whoever invited them, and recommends whom that one follows', async () => {
    const [inviter, followed] = [await rig.newMember(), await rig.member(1)];
    await rig.send(`POST /users/${followed.id}/follow`, { as: inviter });
    const invited = await rig.newMember(inviter.id);
    const { items } = await eventually(
      () => recommended(rig, invited),
      (page) => page.items.length > 0,
      JOB_MS,
    );
    expect(items.map((user) => user.id)).toEqual([followed.id]);
  });

  it.each([
    ['no name', { name: undefined }],
    ['an empty name', { name: ' ' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['a name on two lines', { name: 'Ada\r\nBcc: all@day90.test' }],
    ['no address', { email: undefined }],
    ['an address that is none', { email: 'ada' }],
    ['an address with a header in it', { email: 'a@day90.test\r\nBcc: all@day90.test' }],
    ['two addresses', { email: ['a@day90.test', 'b@day90.test'] }],
    ['7 characters as password', { password: 'dK3$xQz' }],
    ['129 characters as password', { password: 'x'.repeat(129) }],
    ['a password that everybody tries first', { password: 'password1' }],
    ['an inviter who does not exist', { invitedBy: UNKNOWN_ID }],
    ['an inviter who is no id', { invitedBy: "1' OR 1=1" }],
    ['a key of its own', { role: 'admin' }],
    ['an id of its own', { id: '1' }],
  ])('refuses a signup with %s', async (_what, change) => {
    const account = newAccount();
    expect((await signup({ ...account, ...change })).status).toBe(400);
    expect((await rig.send('POST /login', { json: { email: account.email, password: account.password } })).status).toBe(
      401,
    );
  });

  it.each([
    ['128 characters', `k7$${'long '.repeat(25)}`],
    ['spaces around it', '   seven words and a lot of air   '],
    ['emoji and Hangul', '비밀번호 👩‍👩‍👧‍👦 is mine'],
    ['more than 72 bytes that differ at the end', `${'a long sentence that is easy to keep in mind, '.repeat(2)}!`],
  ])('takes a password of %s as it is', async (_what, password) => {
    const account = { ...newAccount(), password };
    expect((await signup(account)).status).toBe(201);
    expect((await rig.login(account.email, password)).cookie).not.toBe('');
    const shortened = { email: account.email, password: password.slice(0, -1) };
    expect((await rig.send('POST /login', { json: shortened })).status).toBe(401);
  });
}

function describeFollowing(rig: ContractRig): void {
  it('follows a member, once however often it is asked to', async () => {
    const [follower, followee] = [await rig.member(0), await rig.member(1)];
    const follow = () => rig.send(`POST /users/${followee.id}/follow`, { as: follower });
    expect([(await follow()).status, (await follow()).status]).toEqual([204, 204]);
  });

  it('follows nobody who does not exist', async () => {
    const as = await rig.member(0);
    for (const id of [UNKNOWN_ID, 'abc', '0'])
      expect((await rig.send(`POST /users/${id}/follow`, { as })).status).toBe(404);
  });

  it('shows a member in the public shape: never the address, never the hash', async () => {
    const member = await rig.member(0);
    const answer = await rig.send(`GET /users/${member.id}`, { as: await rig.member(1) });
    expect(Object.keys(answer.json<User>()).sort()).toEqual(['avatarUrl', 'createdAt', 'id', 'name']);
    expect(answer.text).not.toContain('@');
  });

  it('recommends nobody to a member who follows nobody', async () => {
    expect(await recommended(rig, await rig.newMember())).toEqual({ items: [], next: null });
  });
}

async function recommended(rig: ContractRig, as: Member): Promise<Page<User>> {
  return (await rig.send('GET /me/recommendations', { as })).json<Page<User>>();
}

/** The headers, without what differs from answer to answer. */
function shapeOf(headers: Headers): string[] {
  const ownValue = new Set(['date', 'server-timing', 'x-request-id', 'x-served-by']);
  return [...headers].map(([name, value]) => (ownValue.has(name) ? name : `${name}: ${value}`)).sort();
}
