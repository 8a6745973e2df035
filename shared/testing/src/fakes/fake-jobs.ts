import { afterCommit, type Job, type Jobs, type Mail, type Mailer } from '@day90/core';

/** Keeps the jobs whose transaction was committed, and does none of them. */
export class FakeJobs implements Jobs {
  readonly enqueued: Job[] = [];

  async enqueue(...jobs: Job[]): Promise<void> {
    await afterCommit(async () => {
      this.enqueued.push(...jobs);
    });
  }
}

/** Keeps the mails. */
export class FakeMailer implements Mailer {
  readonly sent: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
  }
}
