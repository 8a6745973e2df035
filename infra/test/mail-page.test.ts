import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MailSink, startMailSink } from '../src/index.ts';
import { MailBook } from '../src/mail/mail-book.ts';
import { sendMail } from './smtp-conversation.ts';

let sink: MailSink;
let url: string;

beforeEach(async () => {
  sink = await startMailSink({ port: 0, pagePort: 0, delayMs: 0 });
  url = `http://127.0.0.1:${sink.page}`;
});

afterEach(() => sink.stop());

const read = async () => (await fetch(url)).text();
const choose = (fault: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/fault`, { method: 'POST', body: new URLSearchParams({ fault }), headers, redirect: 'manual' });
const current = async () => ((await (await fetch(`${url}/mails.json`)).json()) as { fault: string }).fault;

/** `fetch` writes Host and Origin itself. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { method, headers }, (res) => resolve(res.resume().statusCode))
      .on('error', reject)
      .end(body);
  });
}

describe('the page of the mail sink', () => {
  it('shows who got which mail, the newest first, and marks what came twice or without an answer', async () => {
    await sink.setFault('drop');
    await sendMail(sink.port, 'Subject: Welcome\r\nMessage-ID: <1@day90.test>\r\n\r\n.');
    await sink.setFault('none');
    await sendMail(sink.port, 'Subject: Welcome\r\nMessage-ID: <1@day90.test>\r\n\r\n.');
    const [newest, oldest] = (await read()).split('<tr><td').slice(1);
    expect(newest).toContain('duplicate, 2nd copy');
    expect(newest).not.toContain('sender not told');
    expect(oldest).toContain('sender not told');
    for (const row of [newest, oldest]) expect(row).toMatch(/b@day90\.test.*Welcome.*&#60;1@day90\.test&#62;/s);
  });

  it('takes what a mail says for text', async () => {
    await sendMail(sink.port, 'Subject: <script>alert(1)</script>\r\nMessage-ID: "><img src=x>\r\n\r\n.');
    const page = await read();
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&#60;script&#62;');
  });

  it('forbids scripts, frames, and everything from elsewhere', async () => {
    const { headers } = await fetch(url);
    const policy = headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(part);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await read()).not.toMatch(/ style=| on\w+=/);
  });

  it('gives the mails and their counts as JSON', async () => {
    await sendMail(sink.port);
    await sendMail(sink.port);
    await sink.setFault('550');
    await sendMail(sink.port);
    const all = (await (await fetch(`${url}/mails.json`)).json()) as { mails: object[] };
    expect(all).toMatchObject({ fault: '550', accepted: 2, kept: 2, duplicates: 1, unanswered: 0 });
    expect(all).toMatchObject({ refused: { 451: 0, 550: 1 } });
    expect(all.mails).toEqual(sink.mails);
  });

  it('lets the fault be chosen, and sends a browser back to the page', async () => {
    const answer = await choose('451');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(await sendMail(sink.port)).toMatch(/^451/);
    expect(await read()).toMatch(/value="451" aria-pressed="true"/);
  });

  it('names the faults there are for one there is not', async () => {
    const answer = await choose('452');
    expect([answer.status, await answer.text()]).toEqual([
      ...[400, 'fault is one of none, refuse, hang, 451, 550, drop, slow.\n'],
    ]);
    expect((await choose('x'.repeat(1000))).status).toBe(413);
    expect(await current()).toBe('none');
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 303],
    [{ Origin: 'https://elsewhere.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{}, 303],
  ])('answers a choice of a browser with %j by %d', async (headers, status) => {
    expect(await raw('/fault', { ...headers, 'Content-Length': '9' }, 'POST', 'fault=451')).toBe(status);
    expect(await current()).toBe(status === 303 ? '451' : 'none');
  });

  it('changes nothing on GET, and answers nobody who asks another host for it', async () => {
    expect((await fetch(`${url}/fault?fault=451`)).status).toBe(404);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    for (const path of ['/', '/mails.json'])
      expect(await raw(path, { Host: `rebound.example:${sink.page}` })).toBe(421);
    expect(await current()).toBe('none');
  });
});

describe('MailBook', () => {
  it('keeps the last ones, and what it knows of copies with them', () => {
    const book = new MailBook(2);
    for (const messageId of ['<a>', '<a>', '<b>', '<c>', '<a>'])
      book.add({ to: [], subject: '', messageId, requestId: '', answered: true });
    expect(book.accepted).toBe(5);
    expect(book.mails.map(({ number, messageId, copy }) => [number, messageId, copy])).toEqual([
      [4, '<c>', 1],
      [5, '<a>', 1],
    ]);
  });
});
