import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureSystemNeeds } from '../src/index.ts';
import type { SystemNeed } from '../src/needs.ts';

const { platform, getuid } = process;
const env = { ...process.env };
let folder: string;
let ran: string[];
let said: string[];

const need = (program: string, from: number, use: SystemNeed['use'] = 'start'): SystemNeed => ({
  ...{ program, versionArgs: ['-v'], least: '2.1', apt: `${program}-package`, brew: `${program}-formula`, from, use },
});
const needs = [need('day90-cache', 2), need('day90-door', 3), need('day90-load', 3, 'bench')];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  ran = [];
  said = [];
  process.env.PATH = join(folder, 'bin');
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  put('apt-get', '');
  onSystem('linux', 0);
});
afterEach(() => {
  onSystem(platform, getuid);
  for (const name of ['PATH', 'XDG_CACHE_HOME']) {
    process.env[name] = env[name];
    if (env[name] === undefined) delete process.env[name];
  }
  rmSync(folder, { recursive: true, force: true });
});

function onSystem(system: string, user: number | typeof getuid): void {
  Object.defineProperty(process, 'platform', { value: system });
  const value = typeof user === 'number' ? () => user : user;
  Object.defineProperty(process, 'getuid', { value, configurable: true });
}

function put(program: string, script: string): void {
  const path = join(folder, 'bin', program);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Plays the package manager, whose packages hold programs of the given version. */
const packages = (version: string) => async (argv: string[]) => {
  if (!argv.includes('apt-get') || !argv.includes('install')) return 0;
  const wanted = argv.filter((word) => word.endsWith('-package'));
  ran.push(wanted.join(' '));
  await sleep(50);
  for (const name of wanted) put(name.replace('-package', ''), `echo v${version}; exit 1`);
  return 0;
};

const ensure = (stage: string, use: SystemNeed['use'], version = '2.1.0') =>
  ensureSystemNeeds(stage, use, { needs, run: packages(version), onProgress: (line) => said.push(line) });

describe('the first run that needs system packages', () => {
  it('installs as root on Debian what the stage and those before it need, and says so before', async () => {
    await ensure('stage-3', 'start');
    expect(ran).toEqual(['day90-cache-package day90-door-package']);
    expect(said).toEqual([
      expect.stringMatching(/^stage-3 needs day90-cache 2\.1 or newer, day90-door 2\.1 or newer: inst/),
    ]);
    await ensure('stage-3', 'bench');
    expect(ran.slice(1)).toEqual(['day90-load-package']);
    await ensure('stage-3', 'bench');
    expect(ran).toHaveLength(2);
  });

  it('asks for nothing that only a later stage needs', async () => {
    await ensure('stage-1', 'bench');
    await ensure('stage-2', 'bench');
    expect(ran).toEqual(['day90-cache-package']);
  });

  it('lets the second of two wait for the first, and then find everything there', async () => {
    await Promise.all([ensure('stage-3', 'bench'), ensure('stage-3', 'bench')]);
    expect(ran).toHaveLength(1);
    expect(said).toContainEqual(expect.stringMatching(/^waiting for pid \d+, which installs packages$/));
  });

  it('says when the packages are too old, and lets the next one install again', async () => {
    await expect(ensure('stage-2', 'start', '2.0.9')).rejects.toThrow(/^day90-cache 2\.1 or newer: .* too old/);
    await ensure('stage-2', 'start');
    expect(ran).toHaveLength(2);
  });

  it.each([
    [
      'linux',
      1000,
      /^stage-3 needs day90-cache 2\.1 .*, day90-load 2\.1 or newer: `npx -y pnpm setup:system` installs it$/,
    ],
    ['darwin', 501, /: `brew install day90-cache-formula day90-door-formula day90-load-formula` installs it$/],
  ])('elsewhere names all of it at once with one command (%s, user %i)', async (system, user, line) => {
    onSystem(system, user);
    await expect(ensure('stage-3', 'bench')).rejects.toThrow(line);
    expect(ran).toEqual([]);
  });

  it('names what to install where no package manager is known', async () => {
    rmSync(join(folder, 'bin', 'apt-get'));
    await expect(ensure('stage-2', 'start')).rejects.toThrow(
      "stage-2 needs day90-cache 2.1 or newer: install day90-cache 2.1 or newer with this system's package manager",
    );
  });

  it('can be interrupted while it waits for another installation', async () => {
    const first = ensure('stage-2', 'start');
    const controller = new AbortController();
    const onProgress = (line: string) => {
      if (line.startsWith('waiting')) setTimeout(() => controller.abort(new Error('Ctrl-C')));
    };
    const { signal } = controller;
    await expect(ensureSystemNeeds('stage-2', 'start', { needs, onProgress, signal })).rejects.toThrow('Ctrl-C');
    await first;
    expect(ran).toHaveLength(1);
  });
});
