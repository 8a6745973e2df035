import { randomUUID } from 'node:crypto';
import { type IdempotentAnswers, transaction } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inRequest, type MemberRig, newMember, Rollback } from './request.ts';

export interface AnswersRig extends MemberRig {
  answers: IdempotentAnswers;
}

const ANSWER = { status: 201, body: '{"id":"1"}', version: '1' };

/** The contract of `IdempotentAnswers`: one effect for a key, whatever comes at once or fails on the way. */
export function describeIdempotentAnswers(name: string, makeRig: () => Promise<AnswersRig>): void {
  describe(`${name} as IdempotentAnswers`, () => {
    let rig: AnswersRig;
    let member: string;
    beforeAll(async () => {
      rig = await makeRig();
      member = await newMember(rig);
    });
    afterAll(() => rig.close?.());
    const begin = (key: string, fingerprint = 'print', who = member) =>
      inRequest(rig, () => transaction(() => rig.answers.begin(who, key, fingerprint)));
    const request = (key: string) =>
      inRequest(rig, () =>
        transaction(async () => {
          const begun = await rig.answers.begin(member, key, 'print');
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (begun === 'new') await rig.answers.finish(member, key, ANSWER);
          return begun;
        }),
      );

    it('gives a later request the answer of the first', async () => {
      const key = randomUUID();
      expect(await request(key)).toBe('new');
      expect(await begin(key)).toEqual(ANSWER);
    });

    it('keeps an answer without a version', async () => {
      const key = randomUUID();
      await inRequest(rig, () =>
        transaction(async () => {
          await rig.answers.begin(member, key, 'print');
          await rig.answers.finish(member, key, { status: 204, body: '' });
        }),
      );
      expect(await begin(key)).toMatchObject({ status: 204, body: '' });
    });

    it('tells another request with the same key apart', async () => {
      const key = randomUUID();
      await request(key);
      expect(await begin(key, 'another print')).toBe('other_request');
    });

    it('keeps the keys of members apart', async () => {
      const key = randomUUID();
      await request(key);
      expect(await begin(key, 'print', await newMember(rig))).toBe('new');
    });

    it('forgets a key whose transaction was rolled back', async () => {
      const key = randomUUID();
      const work = async () => {
        await rig.answers.begin(member, key, 'print');
        await rig.answers.finish(member, key, ANSWER);
        throw new Rollback();
      };
      await expect(inRequest(rig, () => transaction(work))).rejects.toThrow(Rollback);
      expect(await request(key)).toBe('new');
    });

    it('lets one of many requests at once through', async () => {
      const key = randomUUID();
      const begun = await Promise.all(Array.from({ length: 8 }, () => request(key)));
      expect(begun.filter((answer) => answer === 'new')).toHaveLength(1);
      for (const answer of begun.filter((one) => one !== 'new' && one !== 'in_progress'))
        expect(answer).toEqual(ANSWER);
    });
  });
}
