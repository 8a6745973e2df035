import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canHaveTool, findProgram, findTool, requireTool } from '../src/index.ts';
import { atLeast } from '../src/system.ts';
import { findGo, installCommand } from '../src/tools.ts';

const { platform, getuid } = process;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
  env = { ...process.env };
  process.env.PATH = join(folder, 'bin');
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
});
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  Object.defineProperty(process, 'getuid', { value: getuid, configurable: true });
  process.env.PATH = env.PATH;
  process.env.XDG_CACHE_HOME = env.XDG_CACHE_HOME;
  if (env.XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  rmSync(folder, { recursive: true, force: true });
});

function program(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('k6', () => {
  it.each(['1.0.0', '2.2.0'])('is taken from PATH at version %s', (version) => {
    const path = program(join(folder, 'bin', 'k6'), `echo "k6 v${version} (go1.26.0, linux/amd64)"`);
    expect(findTool('k6')).toEqual({ path, version });
  });

  it('is taken from the cache when the one on PATH is of another major, or is broken', () => {
    const cached = program(join(folder, 'cache', 'day90', 'k6-v1.8.1'), 'echo "k6 v1.8.1 (linux/amd64)"');
    program(join(folder, 'bin', 'k6'), 'echo "k6 v0.57.0"');
    expect(findTool('k6')).toEqual({ path: cached, version: '1.8.1' });
    program(join(folder, 'bin', 'k6'), 'exit 127');
    expect(findTool('k6')).toEqual({ path: cached, version: '1.8.1' });
  });

  it('is built into the cache by Go when it is nowhere, once for two who ask', async () => {
    const go = `case "$1" in
      version) echo "go version go1.26.8 linux/amd64" ;;
      install) /bin/sleep 0.2; echo built >> '${folder}/builds'; /bin/mkdir -p "$GOBIN"
        printf '#!/bin/sh\\necho "k6 v1.8.1 (%s)"\\n' "$3" > "$GOBIN/k6" ;;
    esac`;
    program(join(folder, 'bin', 'go'), go);
    const lines: string[] = [];
    const get = () => requireTool('k6', { onProgress: (line) => lines.push(line) });
    const built = { path: join(folder, 'cache', 'day90', 'k6-v1.8.1'), version: '1.8.1' };
    expect(await Promise.all([get(), get()])).toEqual([built, built]);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^building k6 1\.8\.1 with Go 1\.26\.8, once for this user \(1\.5 to 3 minutes/),
        expect.stringMatching(/^waiting for pid \d+, which builds k6$/),
      ]),
    );
    expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('built\n');
  });

  it('is no half-built one after a failed build, whose end is shown', async () => {
    program(
      join(folder, 'bin', 'go'),
      'test "$1" = version && { echo go1.26.8; exit; }; echo "no network" >&2; exit 1',
    );
    await expect(requireTool('k6', { onProgress: () => {} })).rejects.toThrow(
      /go install go\.k6\.io\/k6@v1\.8\.1 failed: no network/,
    );
    expect(findTool('k6')).toBeUndefined();
  });

  it.each([
    [1000, 'sudo gpg -k && sudo gpg --no-default-keyring '],
    [0, 'gpg -k && gpg --no-default-keyring '],
  ])('is installed on Debian by user %i from a keyring that gpg has made first', (uid, begin) => {
    Object.defineProperty(process, 'platform', { value: 'linux' });
    Object.defineProperty(process, 'getuid', { value: () => uid, configurable: true });
    program(join(folder, 'bin', 'apt-get'), '');
    const command = installCommand('k6');
    expect(command.startsWith(begin)).toBe(true);
    expect(command.includes('sudo')).toBe(uid !== 0);
  });

  it('needs a Go that is new enough', () => {
    program(join(folder, 'bin', 'go'), 'echo "go version go1.22.2 linux/amd64"');
    expect(findGo('k6')).toBeUndefined();
  });
});

describe('versitygw', () => {
  it('is built with its version in it, without which it would not know it', async () => {
    const go = `case "$1" in
      version) echo "go version go1.26.8 linux/amd64" ;;
      install) echo "$*" > '${folder}/asked'; /bin/mkdir -p "$GOBIN"
        printf '#!/bin/sh\\necho "Version  : 1.8.0"\\n' > "$GOBIN/versitygw" ;;
    esac`;
    program(join(folder, 'bin', 'go'), go);
    expect(canHaveTool('versitygw')).toBe(true);
    await requireTool('versitygw', { onProgress: () => {} });
    const asked = 'install -v -ldflags=-s -w -X main.Version=1.8.0 github.com/versity/versitygw/cmd/versitygw@v1.8.0\n';
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(asked);
    const cached = join(folder, 'cache', 'day90', 'versitygw-v1.8.0');
    expect([findTool('versitygw'), findProgram('versitygw')]).toEqual([{ path: cached, version: '1.8.0' }, cached]);
  });

  it('can not be had, and is no program, with too old a Go, and another major on PATH', async () => {
    program(join(folder, 'bin', 'go'), 'echo "go version go1.22.2 linux/amd64"');
    program(join(folder, 'bin', 'versitygw'), 'echo "Version  : v2.0.1"');
    expect([canHaveTool('versitygw'), findProgram('versitygw')]).toEqual([false, undefined]);
    await expect(requireTool('versitygw')).rejects.toThrow(
      /^versitygw is not there: see https:.*\(or install Go 1\.25/,
    );
  });
});

describe('atLeast', () => {
  it.each([
    ['1.26.8', '1.25', true],
    ['1.9', '1.25', false],
    ['24.7.0', '24.7', true],
    ['24', '24.7', false],
    ['12.21.0', '12', true],
  ])('%s against %s: %s', (have, least, expected) => {
    expect(atLeast(have, least)).toBe(expected);
  });
});
