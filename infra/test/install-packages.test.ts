import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installByApt } from '../src/install-packages.ts';
import { programCheck } from '../src/stage-checks.ts';
import { packageSystem } from '../src/system.ts';

const need = {
  program: 'redis-server',
  versionArgs: ['--version'],
  least: '7.0',
  apt: 'redis-server',
  brew: 'redis',
  from: 2,
  use: 'start' as const,
};
let folder: string;
let policy: string;
let ran: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  policy = join(folder, 'policy-rc.d');
  ran = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs what concerns the policy file, and plays apt-get with the given exit code. */
const machine = (aptCode: number) => async (argv: string[]) => {
  const command = argv[0] === 'sudo' ? argv.slice(1) : argv;
  if (!command.includes('apt-get')) return spawnSync(command[0] ?? '', command.slice(1)).status ?? 1;
  ran.push(`${command.join(' ')}, services ${spawnSync(policy).status === 101 ? 'forbidden' : 'allowed'}`);
  return command.includes('install') ? aptCode : 100;
};

describe('installing packages by apt-get', () => {
  it('forbids service starts meanwhile, and only then', async () => {
    await installByApt([need], machine(0), policy);
    expect(ran).toEqual([
      'apt-get update, services forbidden',
      'env DEBIAN_FRONTEND=noninteractive apt-get install -y -o DPkg::Lock::Timeout=300 --no-install-recommends redis-server, services forbidden',
    ]);
    expect(existsSync(policy)).toBe(false);
  });

  it('allows them again after a failure', async () => {
    await expect(installByApt([need], machine(100), policy)).rejects.toThrow(/apt-get install .* failed with code 100/);
    expect(existsSync(policy)).toBe(false);
  });

  it("leaves somebody else's policy as it is", async () => {
    writeFileSync(policy, '#!/bin/sh\nexit 104\n', { mode: 0o755 });
    await installByApt([need], machine(0), policy);
    expect(readFileSync(policy, 'utf8')).toBe('#!/bin/sh\nexit 104\n');
  });
});

describe('a program that a stage needs', () => {
  it('is reported with the one command that brings it', () => {
    expect(programCheck({ ...need, program: 'no-such-server' })).toEqual({
      name: 'no-such-server',
      status: 'fail',
      found: 'not installed',
      mend: expect.stringMatching(/setup:system|brew install|package manager/),
    });
  });

  it('is reported when it is too old', () => {
    const check = programCheck({ ...need, program: 'sh', versionArgs: ['-c', 'echo 6.0.16'] });
    expect(check).toMatchObject({ status: 'fail', found: '6.0.16, but at least 7.0 is needed' });
  });

  it('is reported when what has to come beside it is missing, where it could be had', () => {
    const there = { ...need, program: 'sh', versionArgs: ['-c', 'echo 7.1.1'] };
    const found = (aptFile: string) => programCheck({ ...there, aptFile });
    writeFileSync(join(folder, 'libvmod_xkey.so'), '');
    expect(found(join(folder, '*.so'))).toMatchObject({ status: 'pass' });
    const { status, found: words } = found(join(folder, 'none.so'));
    expect([status, words]).toEqual(
      packageSystem() === 'apt' ? ['fail', '7.1.1, but no none.so'] : ['pass', '7.1.1, at least 7.0'],
    );
  });
});
