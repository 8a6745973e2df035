import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Hashes of packages, which look like secrets and are checked by pnpm. */
const LOCKFILE = 'pnpm-lock.yaml';

/** What gives a secret away, whoever made it. */
const SHAPES = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a provider's token":
    /\b(AKIA[0-9A-Z]{16}|gh[opsu]_\w{36}|github_pat_\w{22}|npm_\w{36}|xox[abprs]-\w{10}|AIza[\w-]{35}|eyJ[\w-]{10,}\.eyJ)/,
  // 30 random bytes and more, as base64; what `.run/secrets.json` holds has 43 characters.
  'a random value': /(?<![\w+/=-])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[\w+/=-]{40,}(?![\w+/=-])/,
  'a password in a URL': /\b[a-z]+:\/\/[^\s:@/'"`]+:[^\s@/'"`$…]+@/,
};
/** Not secret: the hash of the demo's password, which `start` prints; passwords of servers that live as long as a test; a long path. */
const KNOWN = [
  /jgsjomSb4HALJBXzvtKpHfsYgnRHjOztnpm7VwVpwVU/,
  /:\/\/\w+:(wrong|unused|any)@/,
  /\bstages\/[\w/-]{1,60}\/README\b/,
];

/** What of a file looks like a secret, as `line 3: a private key`. */
function secretsIn(text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    const rest = KNOWN.reduce((left, known) => left.replace(known, ''), line);
    const found = Object.entries(SHAPES).filter(([, shape]) => shape.test(rest));
    return found.map(([what]) => `line ${i + 1}: ${what}`);
  });
}

/** All files that git has or would take; none outside of a checkout. */
function filesOfTree(): string[] {
  const inGit = spawnSync('git', ['rev-parse', '--is-inside-work-tree'], { cwd: ROOT }).status === 0;
  if (!inGit) return [];
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && path !== LOCKFILE && existsSync(`${ROOT}/${path}`));
}

describe('the tree', () => {
  const texts = filesOfTree().map((path) => [path, readFileSync(`${ROOT}/${path}`, 'utf8')] as const);

  it('holds nothing that looks like a secret', () => {
    expect(texts.flatMap(([path, text]) => secretsIn(text).map((what) => `${path}, ${what}`))).toEqual([]);
  });

  it("holds none of this checkout's secrets", () => {
    const file = `${ROOT}/.run/secrets.json`;
    const own = existsSync(file) ? Object.values<string>(JSON.parse(readFileSync(file, 'utf8'))) : [];
    expect(texts.filter(([, text]) => own.some((secret) => text.includes(secret))).map(([path]) => path)).toEqual([]);
  });
});

describe('what looks like a secret', () => {
  it.each([
    ['-----BEGIN RSA ', 'PRIVATE KEY-----'],
    ['AKIA', 'IOSFODNN7EXAMPLE'],
    ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'],
    ['redis://app:', 'hunter2@127.0.0.1:6379'],
    ['SESSION_SECRETS=', `Zx3-${'aB4_'.repeat(10)}`],
  ])('is found behind %s', (start, rest) => {
    expect(secretsIn(`first line\n${start}${rest}`)).toContainEqual(expect.stringMatching(/^line 2: /));
  });
});
