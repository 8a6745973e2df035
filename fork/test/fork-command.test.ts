import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forkCommand } from '../src/fork-command.ts';

const WORKSPACE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-fork-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fork = (...args: string[]) => forkCommand(WORKSPACE, folder).parseAsync(args, { from: 'user' });

describe('fork', () => {
  it('makes a project, formatted and with a first commit', () => {
    const who = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) => [
        [`GIT_${role}_NAME`, 'Test'],
        [`GIT_${role}_EMAIL`, 'test@example.com'],
      ]),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      ['fork/src/main.ts', 'stage-2', 'shop', '--name', '@acme/shop', '--git'],
      { cwd: WORKSPACE, encoding: 'utf8', env: { ...process.env, ...who, INIT_CWD: folder } },
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining('npm install')]);
    const made = (path: string) => readFileSync(join(folder, 'shop', path), 'utf8');
    expect(JSON.parse(made('package.json')).name).toBe('@acme/shop');
    const own = (made('src/app.ts').match(/ from '\.[^']+'/g) ?? []) as string[];
    expect(own.length).toBeGreaterThan(10);
    expect(own).toEqual([...own].sort());
    const history = spawnSync('git', ['log', '--oneline'], { cwd: join(folder, 'shop'), encoding: 'utf8' });
    expect(history.stdout.trim().split('\n')).toEqual([expect.stringMatching(/ Start$/)]);
  });

  it.each([
    ['an unknown stage', ['stage-9', 'x'], 'no stage stage-9 to fork; there are stage-1,'],
    ['a bad name', ['stage-1', 'x', '--name', 'My App'], 'My App is no name for a package'],
    ['a folder of this checkout', ['stage-1', join(WORKSPACE, 'x')], 'is in this checkout'],
    ['a folder with something in it', ['stage-1', '.', '--name', 'x'], 'is not empty: name a new folder'],
    ['a file', ['stage-1', 'file'], 'is no folder'],
    ['no folder', ['stage-1'], 'which stage, and where to?'],
    ['a word too many', ['stage-1', 'x', 'stage-2'], 'what is stage-2?'],
    ['an unknown stage to verify', ['--verify', 'stage-1', 'stage-9'], 'no stage stage-9 to fork'],
  ])('refuses %s in one line', async (_what, args, reason) => {
    writeFileSync(join(folder, 'file'), '');
    const refused = await fork(...args).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BadInput);
    expect((refused as Error).message).toContain(reason);
    expect((refused as Error).message).not.toContain('\n');
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});
