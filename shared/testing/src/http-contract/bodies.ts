import { describe, expect, it } from '@jest/globals';
import type { Problem } from './check-answer.ts';
import type { ContractRig } from './contract-rig.ts';
import { statusOfNothing } from './one-post.ts';

/** Texts that would do harm where they are taken for something else than text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</title><svg onload=alert(1)>',
  'javascript:alert(1)',
  '{{7*7}} ${7*7} <%= 7*7 %>',
  "'; DROP TABLE posts; --",
  "' OR '1'='1",
  '1); DELETE FROM users WHERE (1=1',
  '%27%20OR%201=1--',
  '../../../../etc/passwd',
  '=HYPERLINK("http://evil.example")',
  '\u202Egnp.exe',
];

/** Request bodies: what is refused, and with what words; what is kept, and comes back unchanged. */
export function describeBodies(rig: ContractRig): void {
  describe('bodies', () => {
    describeRefusals(rig);
    describeHostileTexts(rig);
  });
}

function describeRefusals(rig: ContractRig): void {
  const post = async (body: string, type = 'application/json') =>
    rig.send('POST /posts', { as: await rig.member(0), body, headers: { 'content-type': type } });
  const errorsOf = async (body: string) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    return answer.json<Problem>().errors;
  };

  it('names every field that is wrong', async () => {
    const errors = await errorsOf('{"title":5,"body":"","role":"admin"}');
    expect(errors?.map((error) => error.path).sort()).toEqual(['body', 'role', 'title']);
    expect(errors?.every((error) => error.message.length > 0)).toBe(true);
  });

  it.each(['', '{', '{"title":', 'null', '[]', '"text"', '5', 'true', '{"title":"T","body":"B"', '\u0000'])(
    'refuses %j',
    async (body) => {
      expect(await errorsOf(body)).not.toEqual([]);
    },
  );

  it('refuses JSON that is nested a thousand deep', async () => {
    await errorsOf(`{"title":"T","body":${'['.repeat(1_000)}${']'.repeat(1_000)}}`);
  });

  it('refuses a body above 100 kB, and one at the limit for what is in it', async () => {
    const filled = (bytes: number) => `{"title":"T","body":"${'x'.repeat(bytes - 24)}"}`;
    expect((await post(filled(101 * 1_024))).status).toBe(413);
    expect((await post(filled(99 * 1_024))).status).toBe(400);
  });

  it.each(['application/json; charset=iso-8859-1', 'application/xml', 'text/json', 'application/jsonp'])(
    'refuses the type %s',
    async (type) => {
      expect((await post('{"title":"T","body":"B"}', type)).status).toBe(415);
    },
  );

  it('takes a charset of UTF-8', async () => {
    expect((await post('{"title":"Grüße","body":"안녕"}', 'application/json; charset=utf-8')).status).toBe(201);
  });

  it.each(['id', 'authorId', 'author_id', 'author', 'views', 'createdAt', 'version', 'role', 'passwordHash'])(
    'refuses the key %s',
    async (key) => {
      const errors = await errorsOf(JSON.stringify({ title: 'T', body: 'B', [key]: '1' }));
      expect(errors?.map((error) => error.path)).toEqual([key]);
    },
  );

  it.each([
    '{"title":"T","body":"B","__proto__":{"polluted":true}}',
    '{"title":"T","body":"B","constructor":{"prototype":{"polluted":true}}}',
    '{"__proto__":{"title":"T","body":"B"}}',
  ])('is not led astray by %s', async (body) => {
    expect((await post(body)).status).toBe(400);
    const after = await post('{"title":"T","body":"B"}');
    expect(Object.keys(after.json<object>())).not.toContain('polluted');
  });
}

function describeHostileTexts(rig: ContractRig): void {
  it.each(HOSTILE)('keeps and gives back %j as the text it is', async (text) => {
    const author = await rig.member(0);
    const { id } = await rig.newPost(author, text, text);
    const answer = await rig.send(`GET /posts/${id}`);
    expect(answer.json()).toMatchObject({ title: text, body: text });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(HOSTILE)('finds nothing for %j in a path, a query or a header', async (text) => {
    const encoded = encodeURIComponent(text);
    for (const path of ['/posts/', '/users/'])
      expect(statusOfNothing(encoded)).toContain((await rig.send(`GET ${path}${encoded}`)).status);
    expect((await rig.send(`GET /posts?before=${encoded}`)).status).toBe(400);
    expect((await rig.send(`GET /posts?limit=${encoded}`)).status).toBe(400);
    expect((await rig.send(`GET /posts?limit=1&sort=${encoded}`)).status).toBe(200);
    expect((await rig.send('POST /login', { json: { email: text, password: text } })).status).toBe(400);
    expect((await rig.send('POST /login', { json: { email: { $ne: '' }, password: { $ne: '' } } })).status).toBe(400);
  });
}
