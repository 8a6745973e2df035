import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Instance, type LaunchOptions, launch, type Topology, workspaceRoot } from '@day90/infra';
import { DEMO_PASSWORD, memberEmail } from './data.ts';
import type { HttpRig } from './http-contract/contract-rig.ts';

/** What a test sets by role: all its requests come from one address, and its mails need no two seconds each. */
const RAISED: Record<string, Record<string, string>> = {
  app: {
    LOG_LEVEL: 'warn',
    DRAIN_MS: '0',
    LOGIN_TURNS_PER_MINUTE: '100000',
    LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
    SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
    UPLOAD_TURNS_PER_HOUR: '100000',
  },
  mail: { MAIL_DELAY_MS: '0' },
};

/** A running stage to hold against the HTTP contract. */
export interface LaunchedStage extends HttpRig {
  instance: Instance;
}

/**
 * Starts a topology as `start` does: its own processes, on free ports and a copy of the seeded data, without budgets.
 * @param folder - The stage's folder.
 * @param name - Told apart from other starts of the same test process.
 * @param own - Wins over all of that; its settings of a box are added to those of every test.
 */
export async function launchedStage(
  topology: Topology,
  folder: string,
  name: string,
  own: Partial<LaunchOptions> = {},
): Promise<LaunchedStage> {
  const id = `test-${topology.stage}-${name}-${process.pid}`;
  const env = Object.fromEntries(
    Object.entries(topology.boxes).map(([box, { role }]) => [box, { ...RAISED[role], ...own.env?.[box] }]),
  );
  const instance = await launch(topology, {
    ...{ folder, instance: id, scale: 'small', ports: 'free', quiet: true, throwAway: true, budgets: false },
    onProgress: () => {},
    ...own,
    env: { ...own.env, ...env },
  });
  const log = join(workspaceRoot(folder), '.run', id, 'logs', 'mail.log');
  return {
    instance,
    url: instance.url,
    knownMember: (number) => ({ email: memberEmail(number), password: DEMO_PASSWORD }),
    ...(['nginx', 'edge'].includes(topology.boxes[topology.door]?.role ?? '') && { namesRequests: true }),
    ...(Object.values(topology.boxes).some(({ role }) => role === 'cache') && { showsViewsLate: true }),
    mails: () => mailsIn(log),
    stop: () => instance.stop(),
  };
}

/** The mails that the mail server has written down. */
async function mailsIn(log: string): Promise<{ to: string; subject: string }[]> {
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('"subject"'));
  return lines.map((line) => {
    const { to, subject } = JSON.parse(line) as { to: string[]; subject: string };
    return { to: to.join(), subject };
  });
}
