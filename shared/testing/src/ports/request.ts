import { runInContext, type Transactor, type Users } from '@day90/core';

/** What every rig of a port that writes has. */
export interface StoreRig {
  transactor: Transactor;
  /** Releases everything; called once, after the last test. */
  close?(): Promise<void>;
}

/** A rig that can make members. */
export interface MemberRig extends StoreRig {
  users: Users;
}

/** Runs `work` as a request does, in a context of its own. */
export function inRequest<T>({ transactor }: StoreRig, work: () => Promise<T>): Promise<T> {
  return runInContext(
    {
      requestId: 'port-contract',
      deadline: performance.now() + 10_000,
      transactor,
      queries: { count: 0, ms: 0 },
      timings: new Map(),
      written: { position: '' },
      tags: new Set(),
    },
    work,
  );
}

let members = 0;

/** Signs up a member of their own for one test. @returns Their id. */
export async function newMember(rig: MemberRig, name = 'Test Member'): Promise<string> {
  members += 1;
  const email = `port-${process.pid}-${Date.now()}-${members}@day90.test`;
  const user = await inRequest(rig, () => rig.users.create({ name, email, passwordHash: '$argon2id$unused' }));
  if (!user) throw new Error(`The address ${email} is taken.`);
  return user.id;
}

/** Something that makes a transaction roll back, told apart from a real failure. */
export class Rollback extends Error {}
