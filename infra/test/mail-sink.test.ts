import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startMailSink } from '../src/index.ts';

/** Speaks SMTP line by line; `say` resolves with the answer's last line. */
async function conversation(port: number): Promise<{ socket: Socket; say: (line: string) => Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value } = await answers.next();
    return /^\d{3}-/.test(String(value)) ? answer() : String(value);
  };
  await answer();
  return {
    socket,
    say: (line) => {
      socket.write(`${line}\r\n`);
      return answer();
    },
  };
}

const MAIL = 'Subject: Welcome,\r\n Ada\r\nMessage-ID: <1@day90.test>\r\n\r\nSubject: not this one\r\n.';

describe('the mail sink', () => {
  it('takes its time to accept a mail, then knows to whom, about what, and its id', async () => {
    const sink = await startMailSink({ port: 0, delayMs: 150 });
    const { say, socket } = await conversation(sink.port);
    await say('EHLO test');
    await say('MAIL FROM:<a@day90.test>');
    await say('RCPT TO:<b@day90.test>');
    expect(await say('DATA')).toMatch(/^354/);
    const began = performance.now();
    expect(await say(MAIL)).toMatch(/^250/);
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
    expect(sink.mails).toEqual([{ to: ['b@day90.test'], subject: 'Welcome, Ada', messageId: '<1@day90.test>' }]);
    socket.destroy();
    await sink.stop();
  });

  it('offers neither TLS nor a login', async () => {
    const sink = await startMailSink({ port: 0, delayMs: 0 });
    const { say } = await conversation(sink.port);
    await say('EHLO test');
    expect(await say('STARTTLS')).toMatch(/^5/);
    expect(await say('AUTH PLAIN')).toMatch(/^5/);
    await sink.stop();
  });

  it('stops within a second with a conversation open and a mail not yet accepted', async () => {
    const sink = await startMailSink({ port: 0, delayMs: 60_000 });
    const { say } = await conversation(sink.port);
    await say('EHLO test');
    await say('MAIL FROM:<a@day90.test>');
    await say('RCPT TO:<b@day90.test>');
    await say('DATA');
    void say(MAIL);
    await sleep(50);
    const began = performance.now();
    await sink.stop();
    expect(performance.now() - began).toBeLessThan(1000);
    expect(sink.mails).toEqual([]);
  });

  it('says when its port is taken', async () => {
    const sink = await startMailSink({ port: 0, delayMs: 0 });
    await expect(startMailSink({ port: sink.port, delayMs: 0 })).rejects.toThrow(/EADDRINUSE/);
    await sink.stop();
  });
});
