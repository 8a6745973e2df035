import { randomUUID } from 'node:crypto';
import { transaction, UnavailableError, type Upload, type Uploads } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inRequest, type MemberRig, newMember, Rollback } from './request.ts';

export interface UploadsRig extends MemberRig {
  uploads: Uploads;
}

/** The contract of `Uploads`: what a member has sent adds up, and is noted with its transaction or not at all. */
export function describeUploads(name: string, makeRig: () => Promise<UploadsRig>): void {
  describe(`${name} as Uploads`, () => {
    let rig: UploadsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const upload = (owner: string, bytes: number) => ({
      ...{ name: `${randomUUID()}.webp`, owner, bytes },
      ...{ width: 3, height: 2 },
    });
    const note = async (...uploads: Upload[]) => {
      for (const one of uploads) await inRequest(rig, () => rig.uploads.begin(one.name));
      for (const one of uploads) await inRequest(rig, () => transaction(() => rig.uploads.add(one)));
    };
    const bytesOf = (owner: string) => inRequest(rig, () => rig.uploads.bytesOf(owner));

    it('counts nothing for a member who has sent nothing', async () => {
      expect(await bytesOf(await newMember(rig))).toBe(0);
    });

    it('adds up what a member has sent, and nothing of others', async () => {
      const [owner, other] = [await newMember(rig), await newMember(rig)];
      // More than 32 bits hold: the sum must not come back as a text, or not at all.
      await note(...[2_000_000_000, 2_000_000_000, 1].map((bytes) => upload(owner, bytes)));
      expect(await bytesOf(owner)).toBe(4_000_000_001);
      expect(await bytesOf(other)).toBe(0);
    });

    it('forgets what was rolled back', async () => {
      const owner = await newMember(rig);
      const one = upload(owner, 5);
      await inRequest(rig, () => rig.uploads.begin(one.name));
      const work = async () => {
        await rig.uploads.add(one);
        throw new Rollback();
      };
      await expect(inRequest(rig, () => transaction(work))).rejects.toThrow(Rollback);
      expect(await bytesOf(owner)).toBe(0);
      await inRequest(rig, () => transaction(() => rig.uploads.add(one)));
      expect(await bytesOf(owner)).toBe(5);
    });

    it('notes none whose beginning is not known, or not any more: somebody else may have removed it', async () => {
      const owner = await newMember(rig);
      const add = (one: Upload) => inRequest(rig, () => transaction(() => rig.uploads.add(one)));
      const one = upload(owner, 5);
      await expect(add(one)).rejects.toThrow(UnavailableError);
      await note(one);
      await expect(add(one)).rejects.toThrow(UnavailableError);
      expect(await bytesOf(owner)).toBe(5);
    });
  });
}
