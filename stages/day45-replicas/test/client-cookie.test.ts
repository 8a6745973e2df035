import type { ServerConfig } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import { clientCookie, newClientId } from '../src/client-cookie.ts';

const OLD = 'the old secret of this test, 32 characters';
const NEW = 'the new secret of this test, 32 characters';
const cookieOf = (secrets: string[], url = 'http://localhost') =>
  clientCookie({ PUBLIC_URL: url, SESSION_SECRETS: secrets } as ServerConfig);
const client = { id: newClientId(), position: '00000001000000000000ABCD' };
const sent = (header: string) => header.split(';')[0] ?? '';

describe('the cookie of a client', () => {
  it('is read as it was written, among others', () => {
    const cookie = cookieOf([NEW]);
    expect(cookie.read(`sid=s%3Aabc; ${sent(cookie.write(client))}; theme=dark`)).toEqual(client);
  });

  it('is out of reach of scripts and other sites, and by https of other hosts', () => {
    expect(cookieOf([NEW]).write(client)).toMatch(/^seen=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(cookieOf([NEW], 'https://day90.test').write(client)).toMatch(/^__Host-seen=[^;]+; .*; Secure$/);
  });

  it('signed by an older secret is still good, and signed anew by the newest', () => {
    const header = sent(cookieOf([OLD]).write(client));
    expect(cookieOf([NEW, OLD]).read(header)).toEqual(client);
    expect(cookieOf([OLD]).read(sent(cookieOf([NEW, OLD]).write(client)))).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['another cookie', 'sid=abc'],
    ['one whose name ends alike', `un${sent(cookieOf([NEW]).write(client))}`],
    ['a signature by nobody', sent(cookieOf([OLD]).write(client))],
    ['a later position under an old signature', sent(cookieOf([NEW]).write(client)).replace('ABCD', 'FFFF')],
    ["another's name under an old signature", sent(cookieOf([NEW]).write(client)).replace(client.id, newClientId())],
    ['half of it', sent(cookieOf([NEW]).write(client)).slice(0, -5)],
  ])('takes %s for no client', (_what, header) => {
    expect(cookieOf([NEW]).read(header)).toBeUndefined();
  });
});
