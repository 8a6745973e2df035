import { describe, expect, it } from '@jest/globals';
import type { ContractRig } from './contract-rig.ts';

const OWN = 'own';
const SITES = [undefined, 'same-origin', 'none', 'same-site', 'cross-site'];
const ORIGINS = [undefined, OWN, 'https://evil.example', 'null'];
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  undefined,
];

/** Writes that another site makes a browser send, and reads that another site would like to see. */
export function describeCrossSite(rig: ContractRig): void {
  describe('other sites', () => {
    const own = (origin: string | undefined) => (origin === OWN ? new URL(rig.app.url).origin : origin);
    const headersOf = (site: string | undefined, origin: string | undefined) => ({
      ...(site !== undefined && { 'sec-fetch-site': site }),
      ...(origin !== undefined && { origin: own(origin) ?? '' }),
    });

    describe.each([
      'POST /posts',
      'PUT /posts/{id}',
      'POST /users/{id}/follow',
      'POST /logout',
      'POST /posts/{id}/views',
      'POST /login',
      'POST /signup',
    ])('%s', (route) => {
      it('is refused when a browser sends it for another site', async () => {
        const as = await rig.member(0);
        const post = await rig.newPost(as);
        const call = route.replace('{id}', route.includes('/users/') ? (await rig.member(1)).id : post.id);
        for (const [site, origin] of foreign()) {
          const answer = await rig.send(call, {
            as,
            json: { title: 'Forged', body: 'Forged' },
            headers: headersOf(site, origin),
          });
          expect([site, origin, answer.status]).toEqual([site, origin, 403]);
        }
        expect(await rig.readPost(post.id)).toEqual(post);
        expect((await rig.postPage('/posts?limit=1')).items).toEqual([post]);
        expect((await rig.send('GET /me', { as })).status).toBe(200);
      });
    });

    it('may not write, this one may', async () => {
      const as = await rig.member(0);
      for (const [site, origin] of [
        [undefined, undefined],
        [undefined, OWN],
        ['same-origin', OWN],
        ['none', undefined],
      ]) {
        const answer = await rig.send('POST /posts', {
          as,
          json: { title: 'T', body: 'B' },
          headers: headersOf(site, origin),
        });
        expect([site, origin, answer.status]).toEqual([site, origin, 201]);
      }
    });

    it.each(TYPES)('can send a form, but a body of the type %s is taken only when it is JSON', async (type) => {
      const as = await rig.member(0);
      const body = type === 'application/json' ? '{"title":"T","body":"B"}' : 'title=T&body=B';
      const answer = await rig.send('POST /posts', { as, body, headers: { 'content-type': type ?? '' } });
      expect(answer.status).toBe(type === 'application/json' ? 201 : 415);
    });

    it('may link here: reading is allowed from everywhere, and shared with nobody', async () => {
      for (const origin of ORIGINS) {
        for (const site of SITES) {
          // The check of every answer looks for Access-Control headers.
          expect((await rig.send('GET /posts?limit=1', { headers: headersOf(site, origin) })).status).toBe(200);
        }
        const preflight = { 'access-control-request-method': 'PUT', origin: own(origin) ?? '' };
        await rig.send('OPTIONS /posts', { headers: preflight });
      }
    });
  });
}

/** Every pair of `Sec-Fetch-Site` and `Origin` that says "another site". */
function foreign(): [string | undefined, string | undefined][] {
  return SITES.flatMap((site) =>
    ORIGINS.map((origin): [string | undefined, string | undefined] => [site, origin]),
  ).filter(([site, origin]) =>
    site === undefined ? origin !== undefined && origin !== OWN : site === 'cross-site' || site === 'same-site',
  );
}
