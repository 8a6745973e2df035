import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import session from 'express-session';

export interface SessionsRig {
  sessions: session.Store;
  close?(): Promise<void>;
}

export interface SharedSessionsRig extends SessionsRig {
  /** The same sessions, as another process has opened them. */
  elsewhere: session.Store;
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
    const get = (sid: string) => read(rig.sessions, sid);
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

    it('brings no session back by touching it', async () => {
      const sid = randomUUID();
      await set(sid, sessionOf('7', MINUTE_MS));
      await settled((done) => rig.sessions.destroy(sid, done));
      await touch(rig.sessions, sid, sessionOf('7', MINUTE_MS));
      await new Promise((resolve) => setTimeout(resolve, 50)); // a store may do it after it said so
      expect(await get(sid)).toBeFalsy();
    });

    it('forgets a session when its time is over, unless it was touched', async () => {
      const [left, touched] = [randomUUID(), randomUUID()];
      // A second is the least some stores count in.
      await set(left, sessionOf('7', 1_000));
      await set(touched, sessionOf('8', 1_000));
      await touch(rig.sessions, touched, sessionOf('8', MINUTE_MS));
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await get(left)).toBeFalsy();
      expect(await get(touched)).toMatchObject({ userId: '8' });
    });
  });
}

/** What stores that several processes share promise beyond that. */
export function describeSharedSessions(name: string, makeRig: () => Promise<SharedSessionsRig>): void {
  describe(`${name} as a session store of several processes`, () => {
    let rig: SharedSessionsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const set = (sid: string, data: session.SessionData) => settled((done) => rig.sessions.set(sid, data, done));

    it('knows everywhere what was kept anywhere, at once', async () => {
      const sid = randomUUID();
      await set(sid, sessionOf('7', MINUTE_MS));
      expect(await read(rig.elsewhere, sid)).toMatchObject({ userId: '7' });
    });

    it('knows nowhere what was destroyed anywhere, at once', async () => {
      const sid = randomUUID();
      await set(sid, sessionOf('7', MINUTE_MS));
      expect(await read(rig.elsewhere, sid)).toBeTruthy();
      await settled((done) => rig.elsewhere.destroy(sid, done));
      expect(await read(rig.sessions, sid)).toBeFalsy();
    });

    it('keeps a session alive that is used elsewhere only', async () => {
      const sid = randomUUID();
      await set(sid, sessionOf('7', 1_000));
      await touch(rig.elsewhere, sid, sessionOf('7', MINUTE_MS));
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await read(rig.sessions, sid)).toMatchObject({ userId: '7' });
    });
  });
}

function read(store: session.Store, sid: string): Promise<session.SessionData | null | undefined> {
  return settled((done) => store.get(sid, done as never));
}

function touch(store: session.Store, sid: string, data: session.SessionData): Promise<void> {
  return settled((done) => store.touch?.(sid, data, () => done()));
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
