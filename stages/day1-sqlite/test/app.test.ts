import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, type Topology, workspaceRoot } from '@day90/infra';
import { describeHttpContract, type HttpRig } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology as naive } from '../src/naive/topology.ts';
import { topology } from '../src/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** All requests of a test come from one address, and its mails need no two seconds each. */
const RAISED = {
  app: {
    LOG_LEVEL: 'warn',
    DRAIN_MS: '0',
    LOGIN_TURNS_PER_MINUTE: '100000',
    LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
    SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
  },
  mail: { MAIL_DELAY_MS: '0' },
};

/** Starts a topology as `start` does: its own processes, on free ports and a copy of the seeded data. */
async function started(what: Topology, name: string): Promise<HttpRig> {
  const instance = `test-stage-1-${name}-${process.pid}`;
  const running = await launch(what, {
    ...{ folder: FOLDER, instance, scale: 'small', ports: 'free', quiet: true, throwAway: true, env: RAISED },
    onProgress: () => {},
  });
  const log = `${workspaceRoot(FOLDER)}/.run/${instance}/logs/mail.log`;
  return {
    url: running.url,
    seeded: true,
    async mails() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('"subject"'));
      return lines.map((line) => {
        const { to, subject } = JSON.parse(line) as { to: string[]; subject: string };
        return { to: to.join(), subject };
      });
    },
    stop: () => running.stop(),
  };
}

describeHttpContract('stage-1', () => started(topology, 'contract'));
describeHttpContract('stage-1 naive', () => started(naive, 'naive-contract'));

describe('the naive variant', () => {
  let before: HttpRig;
  let after: HttpRig;
  beforeAll(async () => {
    [before, after] = await Promise.all([started(naive, 'before'), started(topology, 'after')]);
  }, 60_000);
  afterAll(() => Promise.all([before.stop(), after.stop()]));

  it.each([
    ['/posts?limit=100', 101, 1],
    ['/posts?limit=7', 8, 1],
    ['/posts/popular', 21, 1],
    ['/posts/17', 1, 1],
    ['/users/3', 1, 1],
  ])('gives the same answer for %s, by %d queries instead of %d', async (path, queriesBefore, queriesAfter) => {
    const [slow, quick] = [await fetch(before.url + path), await fetch(after.url + path)];
    expect(await slow.json()).toEqual(await quick.json());
    expect(queriesOf(slow)).toBe(queriesBefore);
    expect(queriesOf(quick)).toBe(queriesAfter);
  });
});

function queriesOf(answer: Response): number {
  return Number(/desc="(\d+) quer/.exec(answer.headers.get('server-timing') ?? '')?.[1]);
}
