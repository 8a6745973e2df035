import { describe, expect, it } from '@jest/globals';
import { PICTURES } from '../pictures.ts';
import type { Answer } from './answer.ts';
import type { ContractRig } from './contract-rig.ts';

const MOST_BYTES = 5 * 1024 * 1024;
const PNG = PICTURES['image/png'];
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

/** Bodies that are refused: their type, as it is said, and what they are. */
const REFUSED: [string, string, string | Buffer, number][] = [
  ['HTML that is called a PNG', 'image/png', '<!doctype html><script>alert(1)</script>', 415],
  ['an SVG with a script', 'image/svg+xml', SVG, 415],
  ['an SVG that is called a PNG', 'image/png', SVG, 415],
  ['a GIF', 'image/gif', 'GIF89a', 415],
  ['nothing', 'image/png', '', 415],
  ['a picture in a form', 'multipart/form-data; boundary=x', PNG, 415],
  ['a picture of no type', '', PNG, 415],
  ['JSON', 'application/json', '{}', 415],
  ['5 MB and a byte', 'image/png', Buffer.concat([PNG, Buffer.alloc(MOST_BYTES + 1 - PNG.length)]), 413],
];

/** Has the form of a name, and was given to no picture. */
const NOBODYS = '00000000-0000-4000-8000-000000000000.webp';
/** Names that are none, and ways out of a folder. */
const NO_PICTURES = [
  '/images',
  '/images/',
  '/images/x.webp',
  `/images/${NOBODYS.replace('.webp', '')}`,
  `/images/${NOBODYS}`,
  `/images/${NOBODYS}/`,
  `/images/${NOBODYS}%00.png`,
  `/images/${NOBODYS};.css`,
  `/images/${NOBODYS.replaceAll('0', 'A')}`,
  '/images/..%2fpackage.json',
  '/images/%2e%2e/package.json',
  '/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/images/..%5cpackage.json',
  '/images/..%252f..%252fetc%252fpasswd',
  '/images/..;/package.json',
  '/images/.hidden',
  '/images/%00',
  '/images/.sgwtmp',
];

/** Sending pictures, and what is shown of them. */
export function describePictures(rig: ContractRig): void {
  describe('pictures', () => {
    const send = async (type: string, body: string | Buffer, headers: Record<string, string> = {}) =>
      rig.send('POST /images', { as: await rig.member(0), body, headers: { 'content-type': type, ...headers } });
    const pathIn = (answer: Answer) => new URL(answer.json<{ url: string }>().url).pathname;

    it.each(Object.entries(PICTURES))('that are sent as %s are shown as WebP, for ever', async (type, bytes) => {
      const sent = await send(type, bytes);
      expect([sent.status, sent.json()]).toEqual([201, { url: expect.any(String), width: 3, height: 2 }]);
      expect(sent.headers.get('location')).toBe(pathIn(sent));
      const shown = await rig.send(`GET ${pathIn(sent)}`);
      expect(shown.status).toBe(200);
      expect([shown.bytes.toString('latin1', 0, 4), shown.bytes.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
      expect(Object.fromEntries(shown.headers)).toMatchObject({
        'content-type': 'image/webp',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'content-disposition': 'inline',
      });
      const withoutCookie = await fetch(rig.app.url + pathIn(sent));
      expect(withoutCookie.headers.get('cache-control')).toMatch(/^public, max-age=31536000,.* immutable$/);
    });

    it('get a name of their own each time, which nothing of the request is in', async () => {
      const headers = { 'content-disposition': 'attachment; filename="../../evil.html"' };
      const paths = [await send('image/png', PNG, headers), await send('image/png', PNG, headers)].map(pathIn);
      expect(new Set(paths).size).toBe(2);
      for (const path of paths) expect(path).toMatch(/^\/images\/[0-9a-f-]{36}\.webp$/);
    });

    it('have no address that the sender can choose', async () => {
      const forged = await send('image/png', PNG, { 'x-forwarded-host': 'evil.example' });
      expect(forged.text).not.toContain('evil.example');
    });

    it.each(REFUSED)('are not what is sent as %s', async (_what, type, body, status) => {
      expect((await send(type, body)).status).toBe(status);
    });

    it('are counted while they come: without a length, too, and unpacked they would be larger than they look', async () => {
      const body = new Blob([Buffer.alloc(MOST_BYTES + 1)]).stream();
      const as = await rig.member(0);
      const answer = await rig.send('POST /images', { as, body, headers: { 'content-type': 'image/png' } });
      expect(answer.status).toBe(413);
      expect((await send('image/png', PNG, { 'content-encoding': 'gzip' })).status).toBe(415);
    });

    it('of members alone are taken, and none that another site sends', async () => {
      const headers = { 'content-type': 'image/png' };
      expect((await rig.send('POST /images', { body: PNG, headers })).status).toBe(401);
      expect((await send('image/png', PNG, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      expect((await send('image/png', PNG, { origin: 'https://evil.example' })).status).toBe(403);
    });

    it.each(NO_PICTURES)('are not at %s', async (path) => {
      const answer = await rig.send(`GET ${path}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).not.toMatch(/root:|dependencies/);
    });
  });
}
