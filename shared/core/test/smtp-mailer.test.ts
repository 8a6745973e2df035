import { afterEach, describe, expect, it } from '@jest/globals';
import { runInBackground } from '../src/context.ts';
import { type MailError, smtpMailer } from '../src/mailer.ts';
import type { Mail } from '../src/ports.ts';
import { type Script, ScriptedSmtp } from './scripted-smtp.ts';

const MAIL: Mail = { to: 'ann@example.test', subject: 'Welcome', text: 'Hello Ann,\n\nyour account is ready.\n' };
let server: ScriptedSmtp | undefined;

afterEach(() => server?.close());

/** Sends to a server that answers as told. @returns What came of it, and how long that took, in milliseconds. */
async function sendTo(script: Script, { timeoutMs = 10_000, mail = MAIL } = {}) {
  server = new ScriptedSmtp(script);
  const mailer = smtpMailer(await server.listen(), 'hello@day90.test', { timeoutMs });
  const began = performance.now();
  const error = await mailer.send(mail).then(
    () => undefined,
    (reason: MailError) => reason,
  );
  await mailer.close();
  return { error, ms: performance.now() - began, heard: server.heard };
}

describe('smtpMailer', () => {
  it('resolves once the server has accepted the mail, and sends the id that it was given', async () => {
    const { error, heard } = await sendTo({}, { mail: { ...MAIL, messageId: '<outbox-1@day90.test>' } });
    expect(error).toBeUndefined();
    expect(heard).toEqual(
      expect.arrayContaining([
        'RCPT TO:<ann@example.test>',
        'To: ann@example.test',
        'Message-ID: <outbox-1@day90.test>',
        'your account is ready.',
      ]),
    );
  });

  it('names the request that the mail follows from, and none where there is none', async () => {
    const asked = await runInBackground(
      () => Promise.reject(new Error('no store')),
      () => sendTo({}),
      'edge-seoul-7',
    );
    server?.close();
    const unasked = await sendTo({});
    const ids = ({ heard }: typeof asked) => heard.filter((line) => /^x-request-id: /i.test(line));
    expect(ids(asked)).toEqual([expect.stringContaining('edge-seoul-7')]);
    expect(ids(unasked)).toEqual([]);
  });

  it('gives each mail an id of its own unless told', async () => {
    const ids = [];
    for (let i = 0; i < 2; i += 1) {
      const { heard } = await sendTo({});
      ids.push(heard.find((line) => line.startsWith('Message-ID: <')));
      server?.close();
    }
    expect(ids[0]).toBeDefined();
    expect(ids[0]).not.toBe(ids[1]);
  });

  it.each<[string, Script]>([
    ['the recipient', { RCPT: '550 no such mailbox here' }],
    ['the sender', { MAIL: '553 not from you' }],
    ['the mail', { '.': '554 looks like spam' }],
  ])('says that another try is no use when the server refuses %s for good', async (_what, script) => {
    const { error } = await sendTo(script);
    expect(error).toMatchObject({ name: 'MailError', permanent: true });
    expect(error?.message).toContain(Object.values(script)[0]);
  });

  it.each<[string, Script]>([
    ['the recipient for now', { RCPT: '451 try again later' }],
    ['the mail for now', { '.': '452 disk full' }],
    ['everybody', { greeting: '554 no mail service here' }],
    ['everybody, once greeted', { EHLO: '521 not now', HELO: '521 not now' }],
  ])('leaves it open when the server refuses %s', async (_what, script) => {
    expect((await sendTo(script)).error).toMatchObject({ name: 'MailError', permanent: false });
  });

  it.each<[string, Script]>([
    ['before the mail', { DATA: (socket) => socket.destroy() }],
    ['before its 250', { '.': (socket) => socket.destroy() }],
    ['in the middle of its 250', { '.': (socket) => void socket.end('25') }],
  ])('leaves it open when the connection ends %s', async (_when, script) => {
    expect((await sendTo(script)).error).toMatchObject({ name: 'MailError', permanent: false });
  });

  it('leaves it open when the server is not there', async () => {
    server = new ScriptedSmtp();
    const url = await server.listen();
    server.close();
    const sent = smtpMailer(url, 'hello@day90.test').send(MAIL);
    await expect(sent).rejects.toMatchObject({ name: 'MailError', permanent: false });
  });

  it('gives up after 2 s on a server that never greets', async () => {
    const { error, ms } = await sendTo({ greeting: () => {} });
    expect(error).toMatchObject({ name: 'MailError', permanent: false });
    expect(error?.message).toMatch(/[Gg]reeting/);
    expect(ms).toBeLessThan(8000); // it is told 10 s for the whole
  });

  it('gives up in time on a server that is never silent and never done', async () => {
    const drip = (socket: { write(text: string): void; destroyed: boolean }) => {
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('250-wait\r\n')), 50);
    };
    const { error } = await sendTo({ '.': drip }, { timeoutMs: 500 });
    expect(error).toMatchObject({ name: 'MailError', permanent: false });
    expect(error?.message).toBe('The mail server did not accept the mail within 0.5 s.');
  });

  it.each([
    'ann@example.test, eve@example.test',
    'ann@example.test>\r\nRCPT TO:<eve@example.test',
    'Ann <ann@example.test>, eve@example.test',
  ])('sends to nobody else for an address such as %j', async (to) => {
    const { heard } = await sendTo({}, { mail: { ...MAIL, to } });
    const named = heard.filter((line) => /^RCPT TO:<eve@/i.test(line));
    expect(named).toEqual([]);
    expect(heard.filter((line) => line.startsWith('RCPT')).length).toBeLessThanOrEqual(1);
  });

  it('says that another try is no use where nobody is named', async () => {
    const { error } = await sendTo({}, { mail: { ...MAIL, to: '' } });
    expect(error).toMatchObject({ name: 'MailError', permanent: true });
  });

  it('takes an object for no file to be read', async () => {
    const { error, heard } = await sendTo(
      {},
      { mail: { ...MAIL, text: { path: '/etc/hostname' } as unknown as string } },
    );
    expect(error).toMatchObject({ name: 'MailError' });
    expect(heard).not.toContain('.');
  });
});
