import { describe, expect, it } from '@jest/globals';
import { runInBackground, transaction } from '../src/context.ts';
import { inlineJobs } from '../src/inline-jobs.ts';
import { createLogger } from '../src/logger.ts';

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
