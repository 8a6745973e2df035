import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import session from 'express-session';

export interface SessionsRig {
  sessions: session.Store;
  close?(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** The contract of a store of express-session. */
export function describeSessions(name: string, makeRig: () => Promise<SessionsRig>): void {
  describe(`${name} as a session store`, () => {
    let rig: SessionsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const get = (sid: string) =>
      settled<session.SessionData | null | undefined>((done) => rig.sessions.get(sid, done as never));
    const set = (sid: string, data: session.SessionData) => settled((done) => rig.sessions.set(sid, data, done));

    it('gives back what was kept, under its own id only', async () => {
      const [sid, other] = [randomUUID(), randomUUID()];
      await set(sid, sessionOf('7', MINUTE_MS));
      expect(await get(sid)).toMatchObject({ userId: '7' });
      expect(await get(other)).toBeFalsy();
    });

    it('keeps the session as it was when it was set', async () => {
      const sid = randomUUID();
      const data = sessionOf('7', MINUTE_MS);
      await set(sid, data);
      data.userId = '8';
      expect(await get(sid)).toMatchObject({ userId: '7' });
      await set(sid, data);
      expect(await get(sid)).toMatchObject({ userId: '8' });
    });

    it('forgets a session that was destroyed, and does not mind one it never knew', async () => {
      const sid = randomUUID();
      await set(sid, sessionOf('7', MINUTE_MS));
      await settled((done) => rig.sessions.destroy(sid, done));
      await settled((done) => rig.sessions.destroy(randomUUID(), done));
      expect(await get(sid)).toBeFalsy();
    });

    it('forgets a session when its time is over, unless it was touched', async () => {
      const [left, touched] = [randomUUID(), randomUUID()];
      // A second is the least some stores count in.
      await set(left, sessionOf('7', 1_000));
      await set(touched, sessionOf('8', 1_000));
      await settled((done) => rig.sessions.touch?.(touched, sessionOf('8', MINUTE_MS), () => done()));
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await get(left)).toBeFalsy();
      expect(await get(touched)).toMatchObject({ userId: '8' });
    });
  });
}

function sessionOf(userId: string, maxAge: number): session.SessionData {
  const cookie = new session.Cookie();
  cookie.originalMaxAge = maxAge;
  cookie.maxAge = maxAge;
  // What else a session holds is the app's affair: a store keeps whatever it is given.
  return { cookie, userId } as session.SessionData;
}

function settled<T = void>(call: (done: (error?: unknown, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value as T))));
}
