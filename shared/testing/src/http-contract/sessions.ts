import { describe, expect, it } from '@jest/globals';
import { type ContractRig, type Member, newAccount, sessionCookie } from './contract-rig.ts';

/** Login, logout and the cookie between them. */
export function describeSessionsOverHttp(rig: ContractRig): void {
  describe('sessions', () => {
    describeLogin(rig);
    describeCookie(rig);
    describeLogout(rig);
  });
}

function describeLogin(rig: ContractRig): void {
  const login = (email: string, password: string) => rig.send('POST /login', { json: { email, password } });

  it('logs a member in, in the public shape, and shows them their address under /me only', async () => {
    const { id, email, password } = await rig.member(0);
    const answer = await login(email.toUpperCase(), password);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('@');
    const me = await rig.send('GET /me', { as: { cookie: sessionCookie(answer) } });
    expect(me.json()).toEqual({ ...(answer.json() as object), id, email });
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const { email, password } = await rig.member(0);
    const wrong = await login(email, `${password}x`);
    const unknown = await login(newAccount().email, password);
    const fields = [wrong, unknown].map((answer) => ({ ...(answer.json() as object), requestId: '' }));
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(fields[0]).toEqual(fields[1]);
  });

  it('takes as long for an unknown address as for a wrong password', async () => {
    const { email } = await rig.member(0);
    const ratioOf = async () => {
      const [wrong, unknown]: [number[], number[]] = [[], []];
      // In turns, so that whatever else the machine does slows both.
      for (let i = 0; i < 12; i++) {
        wrong.push(await durationOf(() => login(email, 'a wrong password')));
        unknown.push(await durationOf(() => login(newAccount().email, 'a wrong password')));
      }
      return lowerQuartile(wrong) / lowerQuartile(unknown);
    };
    // A busy machine spoils a round now and then. Without the hash of a dummy the ratio is about 10 in every round.
    let ratio = 0;
    for (let round = 0; round < 4 && (ratio < 0.8 || ratio > 1.25); round++) ratio = await ratioOf();
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });
}

function describeCookie(rig: ContractRig): void {
  it('sets a cookie that scripts, other sites and plain HTTP do not get at', async () => {
    const { email, password } = await rig.member(0);
    const answer = await rig.send('POST /login', { json: { email, password } });
    const [cookie = '', ...more] = answer.headers.getSetCookie();
    const [pair = '', ...attributes] = cookie.split('; ');
    const [name, value = ''] = pair.split('=');
    const secure = rig.app.url.startsWith('https:');
    expect(more).toEqual([]);
    expect(name).toBe(secure ? '__Host-sid' : 'sid');
    expect(attributes).toEqual(
      expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])]),
    );
    expect(attributes.some((attribute) => /^domain=/i.test(attribute))).toBe(false);
    // `s:<id>.<signature>`: 22 characters of base64 hold 128 bits.
    expect(decodeURIComponent(value)).toMatch(/^s:[\w-]{22,}\.[\w+/]{43}$/);
  });

  it('gives a new id at each login, and ends the session that the browser had before', async () => {
    const { email, password } = await rig.member(0);
    const first = await rig.login(email, password);
    const second = await rig.login(email, password, first.cookie);
    expect(second.cookie).not.toBe(first.cookie);
    expect([await meStatus(rig, first), await meStatus(rig, second)]).toEqual([401, 200]);
  });

  it('never takes over an id that the client chose', async () => {
    const { email, password } = await rig.member(0);
    const chosen = 'sid=s%3Achosen-by-an-attacker.c2lnbmF0dXJl';
    const { cookie } = await rig.login(email, password, chosen);
    expect(cookie).not.toContain('chosen-by-an-attacker');
    expect(await meStatus(rig, { cookie: chosen })).toBe(401);
  });

  it('refuses a cookie whose signature was changed', async () => {
    const { cookie } = await rig.member(0);
    const last = cookie.at(-1) === 'A' ? 'B' : 'A';
    expect(await meStatus(rig, { cookie: `${cookie.slice(0, -2)}${last}${last}` })).toBe(401);
  });
}

function describeLogout(rig: ContractRig): void {
  it('ends the session in the store, not only in the browser', async () => {
    const { email, password } = await rig.member(0);
    const session = await rig.login(email, password);
    expect(await meStatus(rig, session)).toBe(200);
    expect((await rig.send('POST /logout', { as: session })).status).toBe(204);
    expect(await meStatus(rig, session)).toBe(401);
    expect((await rig.send('POST /posts', { as: session, json: { title: 'T', body: 'B' } })).status).toBe(401);
  });

  it("leaves a member's other sessions alone", async () => {
    const { email, password } = await rig.member(0);
    const [phone, desk] = [await rig.login(email, password), await rig.login(email, password)];
    await rig.send('POST /logout', { as: phone });
    expect(await meStatus(rig, desk)).toBe(200);
  });
}

async function meStatus(rig: ContractRig, as: Pick<Member, 'cookie'>): Promise<number> {
  return (await rig.send('GET /me', { as })).status;
}

async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function lowerQuartile(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}
