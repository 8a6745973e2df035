import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { runInBackground, transaction } from '../src/context.ts';
import { inlineJobs } from '../src/inline-jobs.ts';
import { createLogger } from '../src/logger.ts';
import { smtpMailer } from '../src/mailer.ts';

/** A mail server that takes the connection and never says a word. */
async function silentServer() {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('smtpMailer', () => {
  it('gives up on a server that never greets', async () => {
    const server = await silentServer();
    const mailer = smtpMailer(`smtp://127.0.0.1:${server.port}`, 'hello@day90.test');
    const mail = { to: 'ann@example.test', subject: 's', text: 't' };
    await expect(mailer.send(mail)).rejects.toThrow(/[Gg]reeting/);
    await mailer.close();
    server.close();
  });
});

describe('inlineJobs', () => {
  it('lets the write stand when a job fails, and logs the failure', async () => {
    const log: string[] = [];
    const logger = createLogger({ LOG_LEVEL: 'error', BOX: 'test' }, { write: (line: string) => void log.push(line) });
    const mailer = { send: async () => Promise.reject(new Error('no mail today')) };
    const jobs = inlineJobs({ mailer, recommend: async () => {}, logger });
    const written = await runInBackground(
      (work) => work(undefined),
      () =>
        transaction(async () => {
          await jobs.enqueue({ name: 'account-exists-mail', to: 'ann@example.test' });
          return 'written';
        }),
    );
    expect(written).toBe('written');
    expect(log.join()).toContain('no mail today');
    expect(log.join()).toContain('account-exists-mail');
  });
});
