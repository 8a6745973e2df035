import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EdgeRig, freshPath, type Place } from './edge-rig.ts';
import { publicAnswer } from './public-answer.ts';

const rig = EdgeRig.ofThisFile('shield');
const PLACES: Place[] = ['seoul', 'la', 'london'];
const cacheOf = async (place: Place, path: string) => (await rig.ask(place, path)).headers['x-cache'];
const fromAll = (path: string, each = 1) =>
  Promise.all(PLACES.flatMap((place) => Array.from({ length: each }, () => rig.ask(place, path))));

/** Takes its time, and counts its answers. */
function slowly(ms: number, lives: { seconds: number; revalidate?: number }): RequestListener {
  let n = 0;
  return (req, res) => {
    n += 1;
    const answer = publicAnswer(`answer ${n}`, lives);
    setTimeout(() => answer(req, res), ms);
  };
}

describe('behind three edges the origin is asked once', () => {
  it('when all that there are ask for it at the same time', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(200, { seconds: 60 }));
    const answers = await fromAll(path, 20);
    expect(rig.count(path)).toBe(1);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['answer 1']));
  });

  it.concurrent('in each of its lives, also as one ends, when nobody waits for the next', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(800, { seconds: 2, revalidate: 10 }));
    const began = performance.now();
    let longest = 0;
    await fromAll(path);
    while (performance.now() - began < 7_000) {
      const asked = performance.now();
      await fromAll(path, 3);
      longest = Math.max(longest, performance.now() - asked);
      await sleep(50);
    }
    expect(rig.count(path)).toBeGreaterThanOrEqual(3);
    expect(rig.count(path)).toBeLessThanOrEqual(4);
    expect(longest).toBeLessThan(750);
  });

  it.concurrent('and an edge knows how old it is what it has from another', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(0, { seconds: 3, revalidate: 0 }));
    await rig.ask('seoul', path);
    await sleep(2_000);
    expect(Number((await rig.ask('la', path)).headers.age)).toBeGreaterThanOrEqual(1);
    await sleep(2_200); // 4.2 s after it was made, and 2.2 s after Los Angeles has got it
    expect((await rig.ask('la', path)).text).toBe('answer 2');
  });
});

describe('what is over', () => {
  it('is shown once more while it is fetched, for as long as its route says', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(100, { seconds: 1, revalidate: 1 }));
    await rig.ask('seoul', path);
    await sleep(1_300);
    const stale = await rig.ask('seoul', path);
    expect([stale.text, stale.headers['x-cache']]).toEqual(['answer 1', 'STALE']);
    expect(stale.headers['server-timing']).toContain('edge;desc=stale');
    await eventually(
      async () => (await rig.ask('seoul', path)).text,
      (text) => text === 'answer 2',
      2_000,
    );
    await sleep(2_300);
    const late = await rig.ask('seoul', path);
    expect([late.text, late.headers['x-cache']]).toEqual(['answer 3', 'MISS']);
  });
});

describe('while the origin', () => {
  afterEach(async () => {
    await rig.close().catch(() => {});
    await rig.open();
    await eventually(
      async () => (await rig.ask('seoul', '/edgez', { headers: { 'x-edge-key': rig.edgeKey } })).status,
      (status) => status === 200,
    );
  });

  it('is gone, everybody is shown what there is; the rest is refused at once', async () => {
    const [path, other] = [freshPath(), freshPath()];
    rig.answers.set(path, slowly(0, { seconds: 1, revalidate: 0 }));
    await fromAll(path);
    await rig.close();
    await sleep(1_200);
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      for (const place of PLACES) {
        const began = performance.now();
        const answer = await rig.ask(place, path);
        expect([answer.status, answer.text]).toEqual([200, 'answer 1']);
        expect(performance.now() - began).toBeLessThan(900); // an edge gives a new connection a second
      }
      await sleep(50);
    }
    for (const place of PLACES) {
      expect(await cacheOf(place, path)).toBe('STALE');
      for (const none of [other, '/me']) {
        const { status, headers, text } = await rig.ask(place, none);
        expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '2', 'no-store']);
        expect(JSON.parse(text)).toMatchObject({ code: 'overloaded', requestId: headers['x-request-id'] });
      }
    }
  });

  it('is gone, an edge gets from Seoul what it has never had itself', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(0, { seconds: 1, revalidate: 0 }));
    await rig.ask('seoul', path);
    await rig.close();
    await sleep(1_500);
    const first = await rig.ask('la', path);
    expect([first.status, first.text, first.headers['x-cache']]).toEqual([200, 'answer 1', 'STALE']);
  });

  it('answers 500, 502 or 503, likewise, for as long as it does', async () => {
    const answering = async (code: number) => {
      const path = freshPath();
      rig.answers.set(path, slowly(0, { seconds: 1, revalidate: 1 }));
      await fromAll(path);
      await sleep(1_200);
      rig.answers.set(path, (_req, res) => void res.writeHead(code).end('broken'));
      for (let i = 0; i < 15; i++) {
        for (const { status, text } of await fromAll(path))
          expect([code, status, text]).toEqual([code, 200, 'answer 1']);
        await sleep(100);
      }
    };
    await Promise.all([500, 502, 503].map(answering));
  });

  it('comes back, all edges show its new answers soon', async () => {
    const path = freshPath();
    rig.answers.set(path, slowly(0, { seconds: 1, revalidate: 0 }));
    await fromAll(path);
    await rig.close();
    await sleep(1_500);
    await fromAll(path);
    await rig.open();
    for (const place of PLACES)
      await eventually(
        async () => (await rig.ask(place, path)).text,
        (text) => text !== 'answer 1',
      );
  });
});
