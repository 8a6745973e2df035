import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProcess } from '../src/processes.ts';
import { type Cli, day90, eventually, makeWorkspace, saveTopology, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let cli: Cli | undefined;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(async () => {
  cli?.child.kill('SIGKILL');
  await cli?.exited;
  workspace.remove();
});

/** Starts a stage in a workspace whose room is this program. */
async function startWith(room: string, args: string[] = []): Promise<Cli> {
  mkdirSync(join(workspace.root, 'room/src'), { recursive: true });
  writeFileSync(join(workspace.root, 'room/src/main.ts'), room);
  const topology = await serverTopology({ app: {} });
  cli = day90(workspace.folder, ['start', saveTopology(workspace.folder, topology), ...args]);
  const { output } = cli;
  await eventually(() => output().includes('Ctrl-C ends all of it'), 'up', 15_000);
  return cli;
}

const ROOM = `process.send({ url: 'http://room/' + process.pid }); process.once('disconnect', () => process.exit());`;

describe('the control room beside a stage', () => {
  it('is told of by its address, and is gone with a launcher that was killed', async () => {
    const { child, output, exited } = await startWith(ROOM);
    await eventually(() => output().includes('control room: http://room/'), 'its address');
    const pid = Number(/control room: http:\/\/room\/(\d+)/.exec(output())?.[1]);
    expect(findProcess(pid)).toBeDefined();
    child.kill('SIGKILL');
    await exited;
    await eventually(() => findProcess(pid) === undefined, 'the room is gone');
  });

  it('is a line, and no end of the stage, where it can not start', async () => {
    const { child, output, exited } = await startWith(`console.error('broken'); process.exitCode = 1;`);
    await eventually(() => output().includes('no control room: broken'), 'the line');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('is left out with --no-room', async () => {
    const { child, output, exited } = await startWith(ROOM, ['--no-room']);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output()).not.toContain('control room');
  });
});
