import { describe } from '@jest/globals';
import { describeAccess } from './http-contract/access.ts';
import { describeAnswers } from './http-contract/answers.ts';
import { describeBodies } from './http-contract/bodies.ts';
import { ContractRig, type HttpRig } from './http-contract/contract-rig.ts';
import { describeCrossSite } from './http-contract/cross-site.ts';
import { describeGenerated } from './http-contract/generated.ts';
import { describeLists } from './http-contract/lists.ts';
import { describeMembers } from './http-contract/members.ts';
import { describeOnePost } from './http-contract/one-post.ts';
import { describePictures } from './http-contract/pictures.ts';
import { describeProbes } from './http-contract/probes.ts';
import { describeSessionsOverHttp } from './http-contract/sessions.ts';

export type { HttpRig } from './http-contract/contract-rig.ts';

/**
 * What the app must answer over HTTP, whatever stands behind it or in front of it.
 * Every answer in it is also held against the app's own OpenAPI document.
 *
 * The app under test needs its limits raised (`LOGIN_TURNS_PER_MINUTE` and the like): all requests come from one address.
 * What the contract writes bears names of its own, so that it may run on an instance that holds other things, and again.
 * @param has.pictures - Whether it takes pictures.
 */
export function describeHttpContract(name: string, start: () => Promise<HttpRig>, has: { pictures?: true } = {}): void {
  describe(`${name} over HTTP`, () => {
    const rig = ContractRig.using(start);
    describeLists(rig);
    describeOnePost(rig);
    describeMembers(rig);
    describeSessionsOverHttp(rig);
    describeAccess(rig, has);
    describeCrossSite(rig);
    describeBodies(rig);
    describeAnswers(rig);
    describeProbes(rig);
    describeGenerated(rig);
    if (has.pictures) describePictures(rig);
  });
}
