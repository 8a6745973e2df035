import { type Recommend, transaction } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inRequest, type MemberRig, newMember, Rollback } from './request.ts';

export interface UsersRig extends MemberRig {
  recommend: Recommend;
}

const UNKNOWN_ID = '9223372036854775807';

let addresses = 0;

/** The contract of `Users` and of `Recommend`, which works on the same graph. */
export function describeUsers(name: string, makeRig: () => Promise<UsersRig>): void {
  describe(`${name} as Users`, () => {
    let rig: UsersRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    describeAccounts(() => rig);
    describeGraph(() => rig);
  });
}

function describeAccounts(rig: () => UsersRig): void {
  const create = (email: string, name = 'Ada') =>
    inRequest(rig(), () => transaction(() => rig().users.create({ name, email, passwordHash: '$argon2id$x' })));
  const byEmail = (email: string) => inRequest(rig(), () => rig().users.findByEmail(email));
  const freshEmail = () => `users-${process.pid}-${Date.now()}-${++addresses}@day90.test`;

  it('finds a member by id in the public shape, and by address with what login needs', async () => {
    const email = freshEmail();
    const user = await create(email, `O'Hara "안녕"`);
    expect(user).toEqual({
      id: expect.stringMatching(/^[1-9]\d*$/),
      name: `O'Hara "안녕"`,
      avatarUrl: expect.stringMatching(/^\/static\//),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const found = await inRequest(rig(), () => rig().users.findById(user?.id ?? ''));
    expect(JSON.parse(found?.text ?? '')).toEqual(user);
    expect(await byEmail(email)).toEqual({ user, email, passwordHash: '$argon2id$x' });
  });

  it('finds nobody for an id or an address that no member has', async () => {
    expect(await inRequest(rig(), () => rig().users.findById(UNKNOWN_ID))).toBeUndefined();
    expect(await byEmail(freshEmail())).toBeUndefined();
  });

  it('gives an address to one of two members who ask for it at once', async () => {
    const email = freshEmail();
    const made = await Promise.all([create(email, 'First'), create(email, 'Second')]);
    expect(made.filter((user) => user !== undefined)).toHaveLength(1);
    expect(await create(email, 'Third')).toBeUndefined();
    expect((await byEmail(email))?.user).toEqual(made.find((user) => user !== undefined));
  });

  it('frees the address when the transaction is rolled back', async () => {
    const email = freshEmail();
    const work = async () => {
      await rig().users.create({ name: 'Lost', email, passwordHash: '$argon2id$x' });
      throw new Rollback();
    };
    await expect(inRequest(rig(), () => transaction(work))).rejects.toThrow(Rollback);
    expect(await byEmail(email)).toBeUndefined();
    expect(await create(email)).toBeDefined();
  });

  it('replaces a password hash', async () => {
    const email = freshEmail();
    const user = await create(email);
    await inRequest(rig(), () => rig().users.setPasswordHash(user?.id ?? '', '$argon2id$new'));
    expect((await byEmail(email))?.passwordHash).toBe('$argon2id$new');
  });
}

function describeGraph(rig: () => UsersRig): void {
  const follow = (follower: string, followee: string) =>
    inRequest(rig(), () => transaction(() => rig().users.follow(follower, followee)));
  const recommended = async (id: string) =>
    (await inRequest(rig(), () => rig().users.recommendations(id))).value.items.map((user) => user.id);

  it('follows a member, once however often it is asked to, and nobody who does not exist', async () => {
    const [ada = '', bob = ''] = await newMembers(rig(), 2);
    expect([await follow(ada, bob), await follow(ada, bob)]).toEqual([true, true]);
    expect(await follow(ada, UNKNOWN_ID)).toBe(false);
  });

  it('recommends friends of friends, those whom most friends follow first', async () => {
    const [me = '', a = '', b = '', both = '', one = ''] = await newMembers(rig(), 5);
    for (const [follower, followee] of [
      [me, a],
      [me, b],
      [a, both],
      [b, both],
      [a, one],
      [a, b],
      [b, me],
    ] as const) {
      await follow(follower, followee);
    }
    expect(await recommended(me)).toEqual([]);
    await inRequest(rig(), () => rig().recommend(me));
    expect(await recommended(me)).toEqual([both, one]);
  });

  it('keeps what it last recommended until it is asked again', async () => {
    const [me = '', friend = '', early = '', late = ''] = await newMembers(rig(), 4);
    await follow(me, friend);
    await follow(friend, early);
    await inRequest(rig(), () => rig().recommend(me));
    await follow(friend, late);
    await follow(me, early);
    expect(await recommended(me)).toEqual([early]);
    await inRequest(rig(), () => rig().recommend(me));
    expect(await recommended(me)).toEqual([late]);
  });

  it('recommends nobody to a member who follows nobody', async () => {
    const me = await newMember(rig());
    await inRequest(rig(), () => rig().recommend(me));
    const page = await inRequest(rig(), () => rig().users.recommendations(me));
    expect(JSON.parse(page.text)).toEqual({ items: [], next: null });
  });

  it('recommends 20 members at most', async () => {
    const [me = '', friend = '', ...others] = await newMembers(rig(), 23);
    await follow(me, friend);
    for (const other of others) await follow(friend, other);
    await inRequest(rig(), () => rig().recommend(me));
    expect(await recommended(me)).toHaveLength(20);
  });
}

async function newMembers(rig: UsersRig, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await newMember(rig));
  return ids;
}
