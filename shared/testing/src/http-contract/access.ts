import type { Post } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { PICTURES } from '../pictures.ts';
import type { RequestOptions } from './answer.ts';
import { type ContractRig, newAccount } from './contract-rig.ts';

/** Who may call a route, and a request to it that is right in all else. */
interface Row {
  who: 'all' | 'member' | 'owner';
  request?: MakeRequest;
}

type MakeRequest = (
  rig: ContractRig,
  post: Post,
) => Promise<Pick<RequestOptions, 'body' | 'headers'> & { path?: string; json?: object }>;

const ofThePost: MakeRequest = async (_rig, post) => ({ path: `/posts/${post.id}` });
const ofTheAuthor =
  (rest: string): MakeRequest =>
  async (_rig, post) => ({ path: `/users/${post.author.id}${rest}` });

/** Every route there is without pictures. One without a row here fails the test below. */
const ROWS: Record<string, Row> = {
  'get /posts': { who: 'all' },
  'get /posts/popular': { who: 'all' },
  'get /posts/{id}': { who: 'all', request: ofThePost },
  'post /posts': { who: 'member', request: async () => ({ json: { title: 'Title', body: 'Body' } }) },
  'put /posts/{id}': {
    who: 'owner',
    request: async (_rig, post) => ({ path: `/posts/${post.id}`, json: { body: 'Changed' } }),
  },
  'post /posts/{id}/views': { who: 'all', request: async (_rig, post) => ({ path: `/posts/${post.id}/views` }) },
  'get /users/{id}': { who: 'all', request: ofTheAuthor('') },
  'get /users/{id}/posts': { who: 'all', request: ofTheAuthor('/posts') },
  'post /users/{id}/follow': { who: 'member', request: ofTheAuthor('/follow') },
  'post /signup': { who: 'all', request: async () => ({ json: newAccount() }) },
  'post /login': {
    who: 'all',
    request: async (rig) => {
      const { email, password } = await rig.member(0);
      return { json: { email, password } };
    },
  },
  'post /logout': { who: 'member' },
  'get /me': { who: 'member' },
  'get /me/recommendations': { who: 'member' },
};

const picture = { body: PICTURES['image/png'], headers: { 'content-type': 'image/png' } };

/** Those of an app that takes pictures. */
const PICTURE_ROWS: Record<string, Row> = {
  'post /images': { who: 'member', request: async () => picture },
  'get /images/{name}': {
    who: 'all',
    async request(rig) {
      const sent = await rig.send('POST /images', { ...picture, as: await rig.member(0) });
      return { path: sent.headers.get('location') ?? '' };
    },
  },
};

/** Every route × {nobody, a forged session, the owner, another member}. */
export function describeAccess(rig: ContractRig, has: { pictures?: true }): void {
  const rowsOfAll = { ...ROWS, ...(has.pictures && PICTURE_ROWS) };
  describe('who may do what', () => {
    it('is written down for every route of the app', () => {
      expect(rig.visitor.api.routes.map((route) => route.route).sort()).toEqual(Object.keys(rowsOfAll).sort());
    });

    it('is told in the OpenAPI document for every route of members', () => {
      const secured = rig.visitor.api.routes.filter((route) => (route.operation.security ?? []).length > 0);
      const rows = Object.entries(rowsOfAll).filter(([, { who }]) => who !== 'all');
      expect(secured.map((route) => route.route).sort()).toEqual(rows.map(([name]) => name).sort());
    });

    it.each(Object.entries(rowsOfAll))('holds for %s', async (route, { who, request }) => {
      const owner = await rig.member(0);
      const post = await rig.newPost(owner);
      const [method = '', template = ''] = route.split(' ');
      const { path = template, json, ...sent } = (await request?.(rig, post)) ?? {};
      const call = `${method.toUpperCase()} ${path}`;
      const statusFor = async (as?: { cookie: string }) =>
        (await rig.send(call, { ...sent, ...(json && { json: await fresh(json) }), ...(as && { as }) })).status;

      const done = (status: number) => (status < 300 ? 'done' : status);
      // Logging out ends the session, so that each one gets its own.
      const session = async (n: number) =>
        route === 'post /logout' || route === 'post /login' ? relogin(rig, n) : rig.member(n);
      const seen = {
        nobody: done(await statusFor()),
        forged: done(await statusFor({ cookie: 'sid=s%3A0123456789abcdef0123456789abcdef.Zm9yZ2Vk' })),
        owner: done(await statusFor(await session(0))),
        other: done(await statusFor(await session(1))),
      };

      const refused = who === 'all' ? 'done' : 401;
      expect(seen).toEqual({ nobody: refused, forged: refused, owner: 'done', other: who === 'owner' ? 404 : 'done' });
    });
  });
}

async function relogin(rig: ContractRig, n: number) {
  const { email, password } = await rig.member(n);
  return rig.login(email, password);
}

/** A signup needs another address each time. */
async function fresh(json: object): Promise<object> {
  return 'name' in json ? newAccount() : json;
}
