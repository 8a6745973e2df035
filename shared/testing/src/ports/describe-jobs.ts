import { type Job, type Jobs, transaction } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { inRequest, Rollback, type StoreRig } from './request.ts';

export interface JobsRig extends StoreRig {
  jobs: Jobs;
  /** Addresses of the welcome mails sent, or to be sent, so far: what a job did is all that shows of it. */
  welcomed(): Promise<string[]>;
}

let addresses = 0;

/** The contract of `Jobs`: a job is done when, and only when, its transaction is committed. */
export function describeJobs(name: string, makeRig: () => Promise<JobsRig>): void {
  describe(`${name} as Jobs`, () => {
    let rig: JobsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const mailTo = (to: string): Job => ({ name: 'welcome-mail', to, userName: 'Ada' });
    const freshEmail = () => `jobs-${process.pid}-${Date.now()}-${++addresses}@day90.test`;
    const isWelcomed = (to: string) =>
      eventually(
        () => rig.welcomed(),
        (all) => all.includes(to),
        5_000,
      );

    it('does a job, once, that was enqueued in a transaction', async () => {
      const to = freshEmail();
      await inRequest(rig, () => transaction(() => rig.jobs.enqueue(mailTo(to))));
      const all = await isWelcomed(to);
      expect(all.filter((address) => address === to)).toHaveLength(1);
    });

    it('does nothing before the commit', async () => {
      const to = freshEmail();
      await inRequest(rig, () =>
        transaction(async () => {
          await rig.jobs.enqueue(mailTo(to));
          await new Promise((resolve) => setTimeout(resolve, 50));
          expect(await rig.welcomed()).not.toContain(to);
        }),
      );
      await isWelcomed(to);
    });

    it('never does a job whose transaction was rolled back', async () => {
      const [lost, later] = [freshEmail(), freshEmail()];
      const work = async () => {
        await rig.jobs.enqueue(mailTo(lost));
        throw new Rollback();
      };
      await expect(inRequest(rig, () => transaction(work))).rejects.toThrow(Rollback);
      await inRequest(rig, () => transaction(() => rig.jobs.enqueue(mailTo(later))));
      expect(await isWelcomed(later)).not.toContain(lost);
    });

    it('does each of several jobs', async () => {
      const [one, other] = [freshEmail(), freshEmail()];
      await inRequest(rig, () => transaction(() => rig.jobs.enqueue(mailTo(one), mailTo(other))));
      await isWelcomed(one);
      await isWelcomed(other);
    });

    it('does a job that was enqueued without a transaction', async () => {
      const to = freshEmail();
      await inRequest(rig, () => rig.jobs.enqueue(mailTo(to)));
      await isWelcomed(to);
    });
  });
}
