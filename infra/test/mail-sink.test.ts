import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type MailSink, startMailSink } from '../src/index.ts';
import { eventually } from './fixtures/workspace.ts';
import { conversation, MAIL, sendMail } from './smtp-conversation.ts';

let sink: MailSink | undefined;

afterEach(async () => {
  await sink?.stop();
  sink = undefined;
});

async function started(delayMs = 0): Promise<MailSink> {
  sink = await startMailSink({ port: 0, delayMs });
  return sink;
}

describe('the mail sink', () => {
  it('takes its time to accept a mail, then knows to whom, about what, its id and its request', async () => {
    const { port, mails } = await started(150);
    const { say } = await conversation(port);
    await say('EHLO test');
    await say('MAIL FROM:<a@day90.test>');
    await say('RCPT TO:<b@day90.test>');
    expect(await say('DATA')).toMatch(/^354/);
    const began = performance.now();
    expect(await say(MAIL)).toMatch(/^250/);
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
    const kept = { to: ['b@day90.test'], subject: 'Welcome, Ada', messageId: '<1@day90.test>', requestId: 'req-0001' };
    expect(mails).toEqual([{ number: 1, at: expect.any(String), ...kept, copy: 1, answered: true }]);
  });

  it('offers neither TLS nor a login', async () => {
    const { say } = await conversation((await started()).port);
    await say('EHLO test');
    expect(await say('STARTTLS')).toMatch(/^5/);
    expect(await say('AUTH PLAIN')).toMatch(/^5/);
  });

  it('counts the copies of a Message-ID, and none of mails without one', async () => {
    const { port, mails } = await started();
    for (const mail of [MAIL, MAIL, 'Subject: x\r\n\r\n.', 'Subject: x\r\n\r\n.']) await sendMail(port, mail);
    expect(mails.map(({ copy }) => copy)).toEqual([1, 2, 1, 1]);
  });

  it('keeps a mail that it has whole though its sender has gone, and says that nobody was told', async () => {
    const { port, mails } = await started(1000);
    const { say, socket } = await conversation(port);
    for (const line of ['EHLO test', 'MAIL FROM:<a@day90.test>', 'RCPT TO:<b@day90.test>', 'DATA']) await say(line);
    void say(MAIL);
    await sleep(100);
    socket.destroy();
    await eventually(() => mails.length > 0, 'it is kept');
    expect(mails).toMatchObject([{ messageId: '<1@day90.test>', answered: false }]);
  });

  it('keeps nothing of a mail whose sender went away in the middle of it', async () => {
    const { port, mails } = await started();
    const { say, socket } = await conversation(port);
    for (const line of ['EHLO test', 'MAIL FROM:<a@day90.test>', 'RCPT TO:<b@day90.test>', 'DATA']) await say(line);
    socket.end('Subject: half\r\nMessage-ID: <2@day90.test>\r\n\r\nHalf a');
    await sleep(100);
    expect(mails).toEqual([]);
    expect(await sendMail(port)).toMatch(/^250/);
  });

  it('stops soon with a conversation open and a mail not yet accepted', async () => {
    const { port, mails, stop } = await started(60_000);
    const { say } = await conversation(port);
    for (const line of ['EHLO test', 'MAIL FROM:<a@day90.test>', 'RCPT TO:<b@day90.test>', 'DATA']) await say(line);
    void say(MAIL);
    await sleep(50);
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(mails).toEqual([]);
  });

  it('says when its port, or that of its page, is taken', async () => {
    const { port } = await started();
    await expect(startMailSink({ port, delayMs: 0 })).rejects.toThrow(/EADDRINUSE/);
    await expect(startMailSink({ port: 0, pagePort: port, delayMs: 0 })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('a fault of the mail sink', () => {
  it('refuse: closes its port, and opens it again', async () => {
    const { port, setFault, mails } = await started();
    await setFault('refuse');
    const refused = await new Promise((resolve) => connect(port, '127.0.0.1').on('error', resolve));
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    await setFault('none');
    expect(await sendMail(port)).toMatch(/^250/);
    expect(mails).toHaveLength(1);
  });

  it('refuse: lets a mail that is under way be accepted', async () => {
    const { port, setFault } = await started(150);
    const { say } = await conversation(port);
    for (const line of ['EHLO test', 'MAIL FROM:<a@day90.test>', 'RCPT TO:<b@day90.test>', 'DATA']) await say(line);
    const sent = say(MAIL);
    await setFault('refuse');
    expect(await sent).toMatch(/^250/);
  });

  it('hang: takes the connection and says nothing', async () => {
    const { port, setFault } = await started();
    await setFault('hang');
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    await sleep(300);
    expect({ heard, connecting: socket.connecting, destroyed: socket.destroyed }).toEqual({
      ...{ heard: '', connecting: false, destroyed: false },
    });
    socket.destroy();
  });

  it.each(['451', '550'] as const)('%s: answers each recipient so, and keeps nothing', async (fault) => {
    const { port, setFault, mails } = await started();
    await setFault(fault);
    expect(await sendMail(port)).toMatch(new RegExp(`^${fault}`));
    expect(mails).toEqual([]);
  });

  it('drop: has the mail, and its sender is not told', async () => {
    const { port, setFault, mails } = await started();
    await setFault('drop');
    expect(await sendMail(port)).toBe('closed');
    await setFault('none');
    expect(await sendMail(port)).toMatch(/^250/);
    expect(mails).toMatchObject([
      { copy: 1, answered: false },
      { copy: 2, answered: true },
    ]);
  });

  it('slow: accepts four seconds late', async () => {
    const { port, setFault } = await started();
    await setFault('slow');
    const began = performance.now();
    expect(await sendMail(port)).toMatch(/^250/);
    expect(performance.now() - began).toBeGreaterThanOrEqual(3995);
  });
});
