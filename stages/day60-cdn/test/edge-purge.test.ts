import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EdgeRig, freshPath, type Place } from './edge-rig.ts';
import { publicAnswer } from './public-answer.ts';

const PLACES: Place[] = ['seoul', 'la', 'london'];

describe.each(['xkey', 'bans'] as const)('a purge by %s', (purge) => {
  const rig = EdgeRig.ofThisFile(`purge-${purge}`, { purge, lag: 100 });
  const textOf = async (path: string, place: Place = 'seoul') => (await rig.ask(place, path)).text;

  it('ends what bears one of its tags, and nothing else', async () => {
    const [one, two, list, other] = [freshPath(), freshPath(), freshPath(), freshPath()];
    const tags: Record<string, string> = {
      [one]: 'post-1',
      [two]: 'post-2',
      [list]: 'post-3 post-1 feed',
      [other]: 'post-11',
    };
    rig.answer = (req, res) => publicAnswer('old', { tags: tags[req.url ?? ''] ?? '' })(req, res);
    for (const path of Object.keys(tags)) await textOf(path);
    expect(await rig.purge('seoul', 'post-1', 'post-2')).toBe(204);
    rig.answer = publicAnswer('new');
    expect(await Promise.all([one, two, list, other].map((path) => textOf(path)))).toEqual([
      'new',
      'new',
      'new',
      'old',
    ]);
  });

  it('shows at once: nobody is given the old answer once more while the new one is fetched', async () => {
    for (const wait of [0, 1_500]) {
      const path = freshPath();
      rig.answer = publicAnswer('old', { seconds: 1, revalidate: 30, tags: 'post-1' });
      await textOf(path);
      await sleep(wait); // also what is over by then, and was not touched by the purge itself
      await rig.purge('seoul', 'post-1');
      rig.answer = publicAnswer('new');
      const { text, headers } = await rig.ask('seoul', path);
      expect([text, headers['x-cache']]).toEqual(['new', 'MISS']);
    }
  });

  it('is refused from whoever is not the app', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('old', { tags: 'post-1' });
    await textOf(path);
    for (const key of ['', 'guessed', rig.edgeKey]) {
      const headers = { 'x-purge-key': key, 'x-purge-tags': 'post-1' };
      expect((await rig.ask('seoul', path, { method: 'PURGE', headers })).status).toBe(404);
      expect((await rig.ask('seoul', path, { headers })).text).toBe('old');
    }
    rig.answer = publicAnswer('new');
    expect(await textOf(path)).toBe('old');
  });

  it.each(['', '*', 'a"b', '(.*)', 'post-1  post-2', 'POST-1'])('is refused with tags like %j', async (tags) => {
    expect(await rig.purge('seoul', tags)).toBe(400);
  });

  it('comes with the answer to a write, for the edges that the write has passed', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('old', { tags: 'post-7' });
    for (const place of PLACES) await textOf(path, place);
    rig.answer = (_req, res) =>
      void res.writeHead(200, { 'X-Purge-Tags': 'post-7', 'Cache-Control': 'no-store' }).end();
    const { headers } = await rig.ask('la', path, { method: 'PUT' });
    expect(headers).not.toHaveProperty('x-purge-tags');
    rig.answer = publicAnswer('new');
    expect(await Promise.all(PLACES.map((place) => textOf(path, place)))).toEqual(['new', 'new', 'old']);
  });

  // Bans end for good.
  if (purge === 'xkey') describeSoftPurge(rig);
});

function describeSoftPurge(rig: EdgeRig): void {
  const textOf = async (path: string, place: Place) => (await rig.ask(place, path)).text;

  it('keeps what it has ended for the case that the origin is down', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('old', { tags: 'post-1' });
    for (const place of PLACES) await textOf(path, place);
    for (const place of PLACES) await rig.purge(place, 'post-1');
    rig.answer = (_req, res) => void res.writeHead(503).end();
    for (const place of PLACES) {
      const { status, text, headers } = await rig.ask(place, path);
      expect([status, text, headers['x-cache']]).toEqual([200, 'old', 'STALE']);
    }
    rig.answer = publicAnswer('new');
    await sleep(1_100); // so long an edge keeps what Seoul's could but give it
    for (const place of PLACES) expect(await textOf(path, place)).toBe('new');
  });

  /** Answers with what there was when it was asked, so much later. */
  const underWay =
    (ms: number, now: () => string): RequestListener =>
    (req, res) => {
      const answer = publicAnswer(now(), { tags: 'post-1' });
      setTimeout(() => answer(req, res), ms);
    };

  it.each([
    ['the origin', 400, 200],
    ['the way between two edges', 0, 60],
  ])('meets an answer on its way, at %s: it is kept for a second', async (_where, answerMs, purgeAfterMs) => {
    const path = freshPath();
    let now = 'old';
    rig.answer = underWay(answerMs, () => now);
    const asked = Promise.all(PLACES.map((place) => textOf(path, place)));
    await sleep(purgeAfterMs);
    now = 'new';
    await rig.purge('seoul', 'post-1');
    await Promise.all([rig.purge('la', 'post-1'), rig.purge('london', 'post-1')]);
    await asked;
    await sleep(1_100);
    const after = async () => Promise.all(PLACES.map((place) => textOf(path, place)));
    await after(); // what Los Angeles has from Seoul's second may be shown while it is fetched
    await sleep(600);
    expect(await after()).toEqual(['new', 'new', 'new']);
  });
}
