import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { drip, FakeBox, type NginxRig, rawPost as post, sendRaw, startNginx } from './nginx-rig.ts';

let box: FakeBox;
let rig: NginxRig;
beforeAll(async () => {
  box = new FakeBox('app-1');
  rig = await startNginx([await box.listen()]);
});
beforeEach(() => {
  box.seen.length = 0;
});
afterAll(async () => {
  await rig.close();
  await box.die();
});

describe('a request that two servers could read in two ways', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunks = `0\r\n\r\n${smuggled}`;
  it.each([
    ['length and chunks', post(`Content-Length: ${chunks.length}\r\nTransfer-Encoding: chunked`, chunks)],
    ['chunks and length', post(`Transfer-Encoding: chunked\r\nContent-Length: 4`, chunks)],
    ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${smuggled.length}`, smuggled)],
    ['two equal lengths', post('Content-Length: 2\r\nContent-Length: 2', '{}')],
    ['lengths in a list', post('Content-Length: 2, 2', '{}')],
    ['a length with a sign', post('Content-Length: +2', '{}')],
    ['a negative length', post('Content-Length: -2', '{}')],
    ['a hexadecimal length', post('Content-Length: 0x2', '{}')],
    ['a length beyond 64 bits', post('Content-Length: 18446744073709551618', '{}')],
    ['two encodings', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', chunks)],
    ['encodings in a list', post('Transfer-Encoding: identity, chunked', chunks)],
    ['an unknown encoding', post('Transfer-Encoding: xchunked', chunks)],
    ['an encoding behind a vertical tab', post('Transfer-Encoding: \x0bchunked', chunks)],
    ['a space before the colon', post('Transfer-Encoding : chunked', chunks)],
    ['a tab before the colon', post('Content-Length\t: 2', '{}')],
    ['a folded header', post('Transfer-Encoding:\r\n chunked', chunks)],
    ['a folded first header', 'GET / HTTP/1.1\r\n Host: x\r\n\r\n'],
    ['a NUL in a header', post('X: a\0b\r\nContent-Length: 2', '{}')],
    ['a NUL in a name', post('X\0: ab\r\nContent-Length: 2', '{}')],
    ['a lone carriage return', post('X: a\rTransfer-Encoding: chunked\r\nContent-Length : 2', '{}')],
    ['chunks over HTTP/1.0', `POST /posts HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`],
    ['no number for a chunk', post('Transfer-Encoding: chunked', `zz\r\n{}\r\n${chunks}`)],
    ['a chunk beyond 64 bits', post('Transfer-Encoding: chunked', `10000000000000002\r\n{}\r\n${chunks}`)],
    ['a chunk longer than it says', post('Transfer-Encoding: chunked', `1\r\n{}{}\r\n${chunks}`)],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: x/../y\r\n\r\n'],
    ['a version to come', 'GET / HTTP/3.0\r\nHost: x\r\n\r\n'],
    ['no version that is one', 'GET / HTTP/1.1x\r\nHost: x\r\n\r\n'],
    ['a space in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a method that is none', 'GE(T / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s: is refused, and the connection ends', async (_what, bytes) => {
    const { text, closed } = await sendRaw(rig.port, bytes + smuggled);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.split('HTTP/1.1 ')).toHaveLength(2);
    expect(closed).toBe(true);
    expect(box.seen).toEqual([]);
  });
});

describe('a slow visitor', () => {
  it('who never gets to the end of the headers is hung up on', async () => {
    expect(await drip(rig.port, 'GET / HTTP/1.1\r\nHost: x\r\nX: ')).toBe('');
    expect(box.seen).toEqual([]);
  });
});
