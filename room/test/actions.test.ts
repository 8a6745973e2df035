import { fileURLToPath } from 'node:url';
import { loadTopology, workspaceRoot } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { commandOf } from '../src/commands.ts';
import { expectationOf } from '../src/expectations.ts';
import { isBack } from '../src/is-back.ts';
import { possibleActions } from '../src/possible-actions.ts';
import type { Action, Scene } from '../src/snapshot.ts';
import { StandingFaults } from '../src/standing-faults.ts';

const root = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
const { topology } = await loadTopology(`${root}/stages/day75-queue/src/topology.ts`);
const KINDS = { app: 'app', nginx: 'proxy', db: 'store', cache: 'store', mail: 'mail', worker: 'work' };
const scene = {
  marks: Object.entries(KINDS).map(([name, kind]) => ({ name, kind, ...possibleActions(topology, name) })),
} as Scene;

describe('what can be done', () => {
  it('is what the box is for', () => {
    const of = (mark: string) => possibleActions(topology, mark);
    expect(of('app')).toEqual({ boxActions: ['kill', 'freeze'], markActions: ['scale', 'roll'] });
    expect(of('nginx').boxActions).toContain('reload');
    expect(of('db')).toEqual({ boxActions: ['kill', 'freeze', 'pause'], markActions: ['failover'] });
    expect(of('mail').boxActions).toContain('mail');
    expect(of('seoul')).toEqual({ boxActions: [], markActions: [] });
  });

  it.each<Action>([
    ...(['kill', 'freeze', 'thaw', 'reload', 'pause', 'resume', 'roll', 'failover'] as const).map((what) => ({
      do: what,
      box: 'db-2',
    })),
    { do: 'scale', box: 'app', count: 4 },
    { do: 'mail', box: 'mail', fault: '451' },
  ])('has a command: %j', (action) => {
    const command = commandOf(action, { stage: 'stage-6', instance: 'mine', pid: 17, port: 16004 });
    expect(command).toMatch(
      /^(kill -\w+ (-- -)?17$|npx -y pnpm --filter stage-6 .* --instance mine$|PGPASSWORD=|curl )/,
    );
  });
});

describe('what is expected', () => {
  it.each([
    [{ do: 'kill', box: 'app-2' }, 3, 0.02, 'asks another box'],
    [{ do: 'kill', box: 'app' }, 1, 1, 'every request fails'],
    [{ do: 'kill', box: 'cache' }, 1, 0, 'comes back empty'],
    [{ do: 'freeze', box: 'db-1' }, 3, 0.02, 'until you thaw it'],
    [{ do: 'mail', box: 'mail', fault: '451' }, 1, 0, 'wait in the queue'],
    [{ do: 'kill', box: 'worker-1' }, 1, 0, 'jobs wait'],
  ] as [Action, number, number, string][])('of %j with %d boxes', (action, boxes, mostFailed, words) => {
    const expected = expectationOf(action, scene, boxes);
    expect(expected?.mostFailed).toBe(mostFailed);
    expect(expected?.words).toContain(words);
  });

  it.each([
    { do: 'thaw', box: 'app-1' },
    { do: 'mail', box: 'mail', fault: 'none' },
  ] as Action[])('is nothing of %j, which takes a fault back', (action) => {
    expect(expectationOf(action, scene, 1)).toBeUndefined();
  });
});

describe('being back', () => {
  const box = (name: string, pid: number) => ({ box: name, pid, state: 'up', restarts: 0 });
  const heard = (...states: ReturnType<typeof box>[]) => ({ states, ready: {} as never, usage: {} });

  it('is another process after a kill, and none of the old one', () => {
    const began = { action: { do: 'kill', box: 'app-1' } as const, before: box('app-1', 1), isDone: true };
    const faults = new StandingFaults();
    expect(isBack({ ...began, faults }, heard(box('app-1', 1)))).toBe(false);
    expect(isBack({ ...began, faults }, heard(box('app-1', 2)))).toBe(true);
  });

  it('is not there before what was asked for is done', () => {
    const began = { action: { do: 'roll', box: 'app' } as const, before: undefined, faults: new StandingFaults() };
    expect(isBack({ ...began, isDone: false }, heard(box('app-1', 1)))).toBe(false);
    expect(isBack({ ...began, isDone: true }, heard(box('app-1', 1)))).toBe(true);
  });

  it('is to be thawed, or to be another process', () => {
    const faults = new StandingFaults();
    const began = { action: { do: 'freeze', box: 'app-1' } as const, before: box('app-1', 1), isDone: true, faults };
    faults.note(began.action, 1);
    expect(faults.of('app-1', 1)).toBe('frozen');
    expect(isBack(began, heard(box('app-1', 1)))).toBe(false);
    expect(isBack(began, heard(box('app-1', 2)))).toBe(true);
    faults.note({ do: 'thaw', box: 'app-1' }, 1);
    expect(isBack(began, heard(box('app-1', 1)))).toBe(true);
  });
});
